import type { Pod } from "../clients/kube-objects.ts";
import { parseDuration } from "../common/duration.ts";

/** All Alertmanagers that are sent alerts. */
interface AlertmanagerGroup {
	readonly each: () => Promise<
		readonly { readonly peers: () => Promise<readonly string[]> }[]
	>;
}

/** Alertmanager's own default. */
const defaultRetention = "120h";

/**
 * The replicas that Prometheus sends no alerts to: a sentence each.
 *
 * @param addresses those that each replica of Prometheus sends alerts to
 */
export function findUnknownAlertmanagers(
	pods: readonly Pod[],
	addresses: readonly (readonly string[])[],
): string[] {
	if (pods.length === 0) return ["there is no pod of Alertmanager"];
	if (addresses.length === 0) return ["there is no pod of Prometheus"];
	const unknown = addresses.flatMap((own) => {
		const known = new Set(own.map((each) => new URL(each).hostname));
		return pods
			.filter(({ status }) => !known.has(status.podIP ?? ""))
			.map(
				({ metadata }) =>
					`alerts from Prometheus rules are to land in ${metadata.name}, but Prometheus ${own.length === 0 ? "has found no Alertmanager" : `only sends them to ${own.join(" and ")}`}`,
			);
	});
	return [...new Set(unknown)];
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

/**
 * Why Slack may be told everything twice, as a sentence: Alertmanagers that do not know each other, or do not reach each
 * other, send what the others have sent. Undefined if all do.
 */
export async function whyToldTwice(
	alertmanager: AlertmanagerGroup,
): Promise<string | undefined> {
	const replicas = await alertmanager.each();
	if (replicas.length < 2) return undefined;
	const known = await Promise.all(replicas.map((one) => one.peers()));
	const [shared] = known.flatMap((peers) =>
		peers.filter((each, i) => peers.indexOf(each) !== i),
	);
	const fewest = Math.max(1, Math.min(...known.map(({ length }) => length)));
	const reason = shared
		? `several say that they are at ${shared}, so they do not reach each other: each sends what another one has sent already`
		: fewest < replicas.length
			? `one knows ${fewest} of them, itself included: each sends what one that it does not know has sent already`
			: undefined;
	return (
		reason &&
		`of ${replicas.length} Alertmanagers that are sent alerts, ${reason}`
	);
}
