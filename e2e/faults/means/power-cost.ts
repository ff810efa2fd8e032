import type { Pod } from "../../clients/kube-objects.ts";
import { EnvironmentError } from "../../common/errors.ts";
import type { ExplainedLoss } from "../../ledger/checker.ts";
import type { AcknowledgedEntry } from "../../ledger/history.ts";
import {
	describeWriteBack,
	longestInMemory,
	type WriteBack,
} from "./write-back.ts";

/** The containers that the operator makes. */
const usual = [
	"prometheus",
	"thanos-sidecar",
	"config-reloader",
	"init-config-reloader",
];

/** What a loss of power cost, in the ledger's own times: the last acknowledgement was right before it. */
export interface PowerCost {
	readonly lost: readonly AcknowledgedEntry[];
	readonly before: readonly AcknowledgedEntry[];
	/** How long before the loss of power the oldest of what is lost was acknowledged, in seconds; 0 if nothing is. */
	readonly seconds: number;
}

export function countCost({
	before,
	lost,
}: Pick<ExplainedLoss, "before" | "lost">): PowerCost {
	const end = before.at(-1)?.outcome.at ?? 0;
	const seconds = (end - (lost[0]?.outcome.at ?? end)) / 1000;
	return { before, lost, seconds };
}

/**
 * Seconds in which a busy disk writes what the kernel has begun to write back, and the journal that says so. Patience does
 * not stretch them: with more, nothing that only the WAL has would be old enough to be missed.
 */
const busyDisk = 5;

/** The seconds before a loss of power that it may cost, on a disk that is busy. */
export function allowedSeconds(writeBack: WriteBack): number {
	return longestInMemory(writeBack) + busyDisk;
}

/**
 * How old, in seconds, a number must be that only the WAL has, so that its loss shows.
 *
 * @param blockLength milliseconds; a block is cut at one and a half times its length
 * @throws EnvironmentError if it would be in a block before the kernel must have written it
 */
export function oldEnough(writeBack: WriteBack, blockLength: number): number {
	const seconds = allowedSeconds(writeBack) + 2;
	const cut = (1.5 * blockLength) / 1000;
	// The head is cut within its last seconds.
	if (seconds <= cut - 10) return seconds;
	throw new EnvironmentError(
		`this machine's kernel may keep in memory what was written ${allowedSeconds(writeBack)} s ago, and the test's blocks are cut after ${cut} s: no loss would show (${describeWriteBack(writeBack)})`,
	);
}

/**
 * A sentence for what a loss of power must not have cost.
 *
 * @param causes clauses that may explain it
 */
export function findExcess(
	{ before, lost, seconds }: PowerCost,
	writeBack: WriteBack,
	causes: readonly string[],
): string[] {
	const because = causes.length > 0 ? `; ${causes.join("; ")}` : "";
	const allowed = allowedSeconds(writeBack);
	if (seconds > allowed)
		return [
			`what was written to the WAL is on the disk after ${allowed} s at most (${describeWriteBack(writeBack)}), but the oldest of ${lost.length} lost samples was acknowledged ${seconds.toFixed(1)} s before the power went${because}`,
		];
	const last = before.slice(before.length - lost.length);
	const early = lost.find((each, i) => each !== last[i]);
	return early
		? [
				`the power cut cost other samples than the last: number ${early.sequence} is lost, of ${before.length}, and later ones are there${because}`,
			]
		: [];
}

/** As the report shows it. */
export function describeCost(
	{ before, lost, seconds }: PowerCost,
	writeBack: WriteBack,
): string {
	const longest = longestInMemory(writeBack);
	const limit = Number.isFinite(longest) ? `${longest} s` : "any time";
	return `a loss of power cost ${lost.length} of ${before.length} acknowledged samples, those of the last ${seconds.toFixed(1)} s: Prometheus writes to the WAL at once, but only syncs a segment that is full or closed, and the kernel may keep what was written in memory for ${limit} (${describeWriteBack(writeBack)})`;
}

/** A clause for each container of a pod that uses its volume, and is not the operator's. */
export function listStrangers({ spec }: Pod, volumeClaim: string): string[] {
	const volumes = spec.volumes
		.filter(
			({ persistentVolumeClaim }) =>
				persistentVolumeClaim?.claimName === volumeClaim,
		)
		.map(({ name }) => name);
	const all = [
		...spec.initContainers.map((each) => ({ ...each, kind: "init container" })),
		...spec.containers.map((each) => ({ ...each, kind: "container" })),
	];
	return all
		.filter(
			({ name, volumeMounts }) =>
				!usual.includes(name) &&
				volumeMounts.some((mount) => volumes.includes(mount.name)),
		)
		.map(({ name, kind }) => `${kind} ${name} has mounted the volume, too`);
}
