/** One number of the sequence, sent once with its own timestamp. */
export interface LedgerEntry {
	/** From 1 on; it is the sample's value as well. */
	readonly sequence: number;
	/** Milliseconds. */
	readonly timestamp: number;
	/** When Prometheus took it, in milliseconds; until then its fate is unknown. */
	acknowledgedAt?: number;
	/** Why it was not acknowledged. */
	refusal?: string;
}

/** Numbers in a row that were sent and not acknowledged, between two that were. */
export interface Gap {
	readonly first: LedgerEntry;
	readonly last: LedgerEntry;
	/** Milliseconds from the last acknowledgement before the gap to the first one after it. */
	readonly milliseconds: number;
	/** The first acknowledgement after the gap, in milliseconds. */
	readonly endedAt: number;
}

export interface StoredSample {
	readonly timestamp: number;
	readonly value: number;
}

const namedExamples = 5;

/** A numbered sequence of samples, and which of them Prometheus has acknowledged. */
export class Ledger {
	readonly #entries: LedgerEntry[] = [];
	/** No number is older, in milliseconds. */
	readonly startedAt = Date.now();

	/** The next number; timestamps grow with the numbers. */
	next(now = Date.now()): LedgerEntry {
		const timestamp = Math.max(now, (this.#entries.at(-1)?.timestamp ?? 0) + 1);
		const entry = { sequence: this.#entries.length + 1, timestamp };
		this.#entries.push(entry);
		return entry;
	}

	get entries(): readonly LedgerEntry[] {
		return this.#entries;
	}

	get acknowledged(): readonly LedgerEntry[] {
		return this.#entries.filter(
			({ acknowledgedAt }) => acknowledgedAt !== undefined,
		);
	}

	/** The entries whose timestamps lie in a half-open range, as a block's do. */
	within(range: { minTime: number; maxTime: number }): LedgerEntry[] {
		return this.#entries.filter(
			({ timestamp }) =>
				timestamp >= range.minTime && timestamp < range.maxTime,
		);
	}

	/** The gaps that have ended. */
	get gaps(): Gap[] {
		const gaps: Gap[] = [];
		let before: LedgerEntry | undefined;
		let refused: LedgerEntry[] = [];
		for (const entry of this.#entries) {
			if (entry.acknowledgedAt === undefined) {
				refused.push(entry);
				continue;
			}
			const [first] = refused;
			const last = refused.at(-1);
			if (first && last) {
				const since = before?.acknowledgedAt ?? first.timestamp;
				const endedAt = entry.acknowledgedAt;
				gaps.push({ first, last, milliseconds: endedAt - since, endedAt });
			}
			before = entry;
			refused = [];
		}
		return gaps;
	}
}

/** A gap as a report tells it. */
export function describeGap({ first, last, milliseconds }: Gap): string {
	const count = last.sequence - first.sequence + 1;
	return `no sample was taken for ${(milliseconds / 1000).toFixed(1)} s: ${count} refused (${first.sequence} to ${last.sequence}), the last with: ${last.refusal ?? "no answer"}`;
}

/**
 * Compares what is stored with what was written. Every acknowledged sample must be there once with its value;
 * one that was sent but not acknowledged may be there.
 *
 * @returns a sentence for each kind of difference; none when they agree
 */
export function compareToLedger(
	written: readonly LedgerEntry[],
	stored: readonly StoredSample[],
): string[] {
	const byTime = new Map<number, number[]>();
	for (const { timestamp, value } of stored) {
		const values = byTime.get(timestamp);
		if (values) values.push(value);
		else byTime.set(timestamp, [value]);
	}
	const isAcknowledged = (entry: LedgerEntry) =>
		entry.acknowledgedAt !== undefined;
	const missing = written.filter(
		(entry) => isAcknowledged(entry) && !byTime.has(entry.timestamp),
	);
	const repeated = written.filter(
		({ timestamp }) => (byTime.get(timestamp)?.length ?? 0) > 1,
	);
	const altered = written.filter(({ sequence, timestamp }) =>
		byTime.get(timestamp)?.some((value) => value !== sequence),
	);
	const known = new Set(written.map(({ timestamp }) => timestamp));
	const strangers = stored.filter(({ timestamp }) => !known.has(timestamp));
	const total = written.filter(isAcknowledged).length;
	return [
		...tell(
			missing,
			(n) => `${n} of ${total} acknowledged samples are missing`,
			describeEntry,
		),
		...tell(
			repeated,
			(n) => `${n} samples are there more than once`,
			describeEntry,
		),
		...tell(
			altered,
			(n) => `${n} samples have another value than was written`,
			(entry) =>
				`${describeEntry(entry)} reads ${byTime.get(entry.timestamp)?.join(", ")}`,
		),
		...tell(
			strangers,
			(n) => `${n} samples were never written`,
			({ timestamp, value }) => `${value} at ${timeOf(timestamp)}`,
		),
	];
}

function tell<T>(
	found: readonly T[],
	sentence: (count: number) => string,
	describe: (each: T) => string,
): string[] {
	if (found.length === 0) return [];
	const examples = found.slice(0, namedExamples).map(describe);
	const more = found.length > examples.length ? ", …" : "";
	return [`${sentence(found.length)}: ${examples.join(", ")}${more}`];
}

function describeEntry({ sequence, timestamp }: LedgerEntry): string {
	return `number ${sequence} at ${timeOf(timestamp)}`;
}

function timeOf(timestamp: number): string {
	return new Date(timestamp).toISOString();
}
