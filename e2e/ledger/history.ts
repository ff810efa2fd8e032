import { receiverIsOff } from "../clients/remote-write.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { HopelessError } from "../common/eventually.ts";
import { formatMoment, type TimeRange } from "../common/time-range.ts";
import type { Acknowledged, WriteOutcome } from "./outcome.ts";

/** One number of the sequence, sent once with its own timestamp. */
export interface LedgerEntry {
	/** From 1 on; it is also the sample's value. */
	readonly sequence: number;
	/** Milliseconds. */
	readonly timestamp: number;
	/** Set once the write has ended. */
	outcome?: WriteOutcome;
}

/** A number that Prometheus has taken. */
export type AcknowledgedEntry = LedgerEntry & {
	readonly outcome: Acknowledged;
};

export interface StoredSample {
	/** Milliseconds. */
	readonly timestamp: number;
	readonly value: number;
}

/** The timestamps of samples, in milliseconds. */
export function timesOf(samples: readonly StoredSample[] = []): Set<number> {
	return new Set(samples.map(({ timestamp }) => timestamp));
}

/** A sample in words, different for each: what is compared by them is compared to the millisecond. */
export function describeSample({ timestamp, value }: StoredSample): string {
	return `${value} at ${formatMoment(timestamp)}`;
}

/** A numbered sequence of samples, and what became of each write. */
export class History {
	readonly #entries: LedgerEntry[] = [];
	/** No number is older, in milliseconds. */
	readonly startedAt = clusterNow();

	/** The next number; timestamps grow with the numbers. */
	next(now = clusterNow()): LedgerEntry {
		const timestamp = Math.max(now, (this.#entries.at(-1)?.timestamp ?? 0) + 1);
		const entry = { sequence: this.#entries.length + 1, timestamp };
		this.#entries.push(entry);
		return entry;
	}

	get entries(): readonly LedgerEntry[] {
		return this.#entries;
	}

	get acknowledged(): readonly AcknowledgedEntry[] {
		return this.#entries.filter(isAcknowledged);
	}

	/** What was acknowledged last. @throws Error if nothing was, HopelessError if nothing will be */
	get newest(): AcknowledgedEntry {
		const newest = this.acknowledged.at(-1);
		if (newest) return newest;
		this.refuseIfHopeless();
		throw new Error(
			`Prometheus has taken no number; the last failure: ${this.lastFailure ?? "none"}`,
		);
	}

	/** @throws HopelessError if Prometheus says that it will take nothing, however long it is asked */
	refuseIfHopeless(): void {
		if (this.lastFailure === receiverIsOff)
			throw new HopelessError(receiverIsOff);
	}

	/** The reason of the last write that failed. */
	get lastFailure(): string | undefined {
		return this.#entries
			.map(({ outcome }) => outcome)
			.findLast((each) => each?.result !== "acknowledged" && each !== undefined)
			?.reason;
	}

	/** The entries whose timestamps lie in a half-open range, as a block's do. */
	within(range: TimeRange): LedgerEntry[] {
		return this.#entries.filter(
			({ timestamp }) =>
				timestamp >= range.minTime && timestamp < range.maxTime,
		);
	}
}

export function isAcknowledged(entry: LedgerEntry): entry is AcknowledgedEntry {
	return entry.outcome?.result === "acknowledged";
}

/** What was acknowledged before a moment in milliseconds, oldest first. */
export function acknowledgedBefore(
	entries: readonly LedgerEntry[],
	moment: number,
): AcknowledgedEntry[] {
	return entries
		.filter(isAcknowledged)
		.filter(({ outcome }) => outcome.at < moment);
}
