import { partition } from "es-toolkit";
import { formatMoment } from "../common/time-range.ts";
import {
	type AcknowledgedEntry,
	acknowledgedBefore,
	describeSample,
	isAcknowledged,
	type LedgerEntry,
	type StoredSample,
} from "./history.ts";

/** What was written, and what a reader found of it. */
export interface Reading {
	readonly written: readonly LedgerEntry[];
	/** The samples of each series that the ledger's selector matches; there should be one. */
	readonly series: readonly (readonly StoredSample[])[];
}

/** How a reading differs from the ledger. Every acknowledged write must be stored once, with its value. */
export interface Comparison {
	readonly acknowledged: number;
	/** How many series the numbers are spread over. */
	readonly series: number;
	/** Acknowledged, but not stored. */
	readonly lost: readonly AcknowledgedEntry[];
	/** Stored more than once. */
	readonly duplicated: readonly LedgerEntry[];
	/** Stored with another value. */
	readonly altered: readonly {
		readonly entry: LedgerEntry;
		readonly values: readonly number[];
	}[];
	/** Stored, although it was never written, or was refused. */
	readonly unexpected: readonly UnexpectedSample[];
	/** Stored, although its outcome is unknown. This is not a flaw. */
	readonly recovered: readonly LedgerEntry[];
}

interface UnexpectedSample extends StoredSample {
	readonly why: string;
}

const namedExamples = 5;

/** Compares what is stored with what was written. */
export function checkReading({ written, series }: Reading): Comparison {
	const stored = series.flat();
	const valuesAt = Map.groupBy(stored, ({ timestamp }) => timestamp);
	const valuesOf = ({ timestamp }: LedgerEntry) =>
		(valuesAt.get(timestamp) ?? []).map(({ value }) => value);
	const writtenAt = new Map(written.map((each) => [each.timestamp, each]));
	const acknowledged = written.filter(isAcknowledged);
	return {
		acknowledged: acknowledged.length,
		series: series.length,
		lost: acknowledged.filter((each) => valuesOf(each).length === 0),
		duplicated: written.filter((each) => valuesOf(each).length > 1),
		altered: written
			.map((entry) => ({ entry, values: valuesOf(entry) }))
			.filter(({ entry, values }) =>
				values.some((value) => value !== entry.sequence),
			),
		unexpected: stored.flatMap((sample) => {
			const why = explainUnexpected(writtenAt.get(sample.timestamp));
			return why ? [{ ...sample, why }] : [];
		}),
		recovered: written.filter(
			(each) =>
				(each.outcome?.result ?? "unknown") === "unknown" &&
				valuesOf(each).length > 0,
		),
	};
}

function explainUnexpected(entry: LedgerEntry | undefined): string | undefined {
	if (!entry) return "never written";
	const { outcome } = entry;
	return outcome?.result === "refused"
		? `refused with: ${outcome.reason}`
		: undefined;
}

/** A sentence for each kind of flaw; none if all acknowledged writes are stored once, and nothing unexpected is. */
export function findFlaws(reading: Reading): string[] {
	return describeFlaws(checkReading(reading));
}

/** A sentence for each kind of flaw of a comparison. */
export function describeFlaws({
	acknowledged,
	series,
	lost,
	duplicated,
	altered,
	unexpected,
}: Comparison): string[] {
	return [
		...(acknowledged === 0
			? ["no sample was acknowledged: there is nothing to compare"]
			: []),
		...(series > 1 ? [`the ledger is ${series} series, not one`] : []),
		...describe(
			lost,
			`of ${acknowledged} acknowledged samples are lost`,
			describeEntry,
		),
		...describe(duplicated, "samples are there more than once", describeEntry),
		...describe(
			altered,
			"samples have another value than was written",
			({ entry, values }) => `${describeEntry(entry)} is ${values.join(", ")}`,
		),
		...describe(
			unexpected,
			"samples should not be there",
			({ why, ...sample }) => `${describeSample(sample)} (${why})`,
		),
	];
}

/** Loss that a fault explains. */
export interface ExplainedLoss {
	/** What was acknowledged before the fault, oldest first. */
	readonly before: readonly AcknowledgedEntry[];
	/** Those of them that are lost, oldest first. */
	readonly lost: readonly AcknowledgedEntry[];
	/** A sentence for each flaw that such a loss does not explain. */
	readonly otherwise: readonly string[];
}

/** Takes the loss of what was acknowledged before a fault out of a comparison. @param moment of the fault, in milliseconds */
export function explainLoss(reading: Reading, moment: number): ExplainedLoss {
	const comparison = checkReading(reading);
	const [lost, lostLater] = partition(
		comparison.lost,
		({ outcome }) => outcome.at < moment,
	);
	const before = acknowledgedBefore(reading.written, moment);
	return {
		before,
		lost,
		otherwise: [
			...(before.length === 0
				? ["no sample was acknowledged before the fault"]
				: []),
			...describeFlaws({ ...comparison, lost: lostLater }),
		],
	};
}

function describe<T>(
	found: readonly T[],
	what: string,
	describeOne: (each: T) => string,
): string[] {
	if (found.length === 0) return [];
	const examples = found.slice(0, namedExamples).map(describeOne);
	const more = found.length > examples.length ? ", …" : "";
	return [`${found.length} ${what}: ${examples.join(", ")}${more}`];
}

function describeEntry({ sequence, timestamp }: LedgerEntry): string {
	return `number ${sequence} at ${formatMoment(timestamp)}`;
}
