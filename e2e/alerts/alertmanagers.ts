import type { Pod } from "../clients/kube-objects.ts";
import { parseDuration } from "../common/duration.ts";

/** Alertmanager's own default. */
const defaultRetention = "120h";

/** The replicas that Prometheus sends no alerts to: a sentence each. */
export function findUnknownAlertmanagers(
	pods: readonly Pod[],
	addresses: readonly string[],
): string[] {
	if (pods.length === 0) return ["there is no pod of Alertmanager"];
	const known = new Set(addresses.map((each) => new URL(each).hostname));
	return pods
		.filter(({ status }) => !known.has(status.podIP ?? ""))
		.map(
			({ metadata }) =>
				`alerts from Prometheus rules are to land in ${metadata.name}, but Prometheus ${addresses.length === 0 ? "has found no Alertmanager" : `only sends them to ${addresses.join(" and ")}`}`,
		);
}

/** How long the replicas remember what they have sent, in milliseconds: the shortest time counts. */
export function readAlertRetention(pods: readonly Pod[]): number {
	const given = pods
		.flatMap(({ spec }) => spec.containers)
		.flatMap(({ args }) => args)
		.flatMap((arg) => /^--?data\.retention=(.+)$/.exec(arg)?.[1] ?? []);
	return Math.min(
		...(given.length > 0 ? given : [defaultRetention]).map(parseDuration),
	);
}
