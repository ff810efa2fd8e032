import type { KubeClient } from "../clients/kubernetes.ts";
import { listPodsOfService } from "../clients/service-pods.ts";
import { formatDuration, parseDuration } from "../common/duration.ts";
import { argumentsOf } from "../kube-metrics/target-pods.ts";

/**
 * The arguments by which a program of Thanos answers or reads less than there is, or shows series as one, as a clause for
 * messages; empty if there is none.
 */
export function describeNarrowing(
	args: readonly string[],
	program = "it",
): string {
	const found = args.filter((each) =>
		/^--(min-time|max-time|selector\.|store\.limits|consistency-delay|query\.replica-label)/.test(
			each,
		),
	);
	return found.length === 0
		? ""
		: `; ${program} is started with ${found.join(" ")}`;
}

/** The arguments of the pods of a Service. */
export async function readArguments(
	kube: KubeClient,
	namespace: string,
	service: string,
): Promise<string[]> {
	return argumentsOf(await listPodsOfService(kube, namespace, service));
}

/** Whether a program only answers what is younger than a time, in milliseconds. */
export function startsAfter(
	args: readonly string[],
	time: number,
	now: number,
): boolean {
	const text = lastValueOf(args, "min-time");
	return text !== undefined && readTime(text, now) > time;
}

/** How old a block must be until a compactor reads it, in milliseconds. */
export function readConsistencyDelay(args: readonly string[]): number {
	return parseDuration(lastValueOf(args, "consistency-delay") ?? "30m");
}

/** The value of an argument. The last one counts. */
export function lastValueOf(
	args: readonly string[],
	name: string,
): string | undefined {
	const prefix = `--${name}=`;
	return args.findLast((each) => each.startsWith(prefix))?.slice(prefix.length);
}

/** How often a sidecar looks for blocks to upload, in milliseconds: fixed in Thanos' cmd/thanos/sidecar.go. */
const uploadInterval = 30_000;

/**
 * Why a sidecar does not answer everything that is not in the object store yet, as a sentence; undefined if it does. A
 * block is cut when its oldest sample is one and a half times its length old, and uploaded when the sidecar looks next.
 *
 * @param blockSize as the homelab has it, e.g. 2h
 * @param now milliseconds
 */
export function whyTooShort(
	args: readonly string[],
	blockSize: string,
	now: number,
): string | undefined {
	const text = lastValueOf(args, "min-time");
	if (!text) return undefined;
	const oldest = readTime(text, now);
	const cutAfter = 1.5 * parseDuration(blockSize);
	if (oldest <= now - cutAfter - uploadInterval) return undefined;
	return `blocks of ${blockSize} are cut when their oldest sample is ${formatDuration(cutAfter)} old, and are uploaded within ${formatDuration(uploadInterval)}; until then only the sidecar has them, but it is started with --min-time=${text}`;
}

/** Thanos takes a time in RFC 3339, or a duration that is added to now. @throws RangeError on anything else */
function readTime(text: string, now: number): number {
	const [, sign, duration] = /^([+-]?)(\d+(?:ms|[smhdwy]).*)$/.exec(text) ?? [];
	if (duration) return now + parseDuration(duration) * (sign === "-" ? -1 : 1);
	const time = Date.parse(text);
	if (Number.isNaN(time)) throw new RangeError(`not a time: ${text}`);
	return time;
}
