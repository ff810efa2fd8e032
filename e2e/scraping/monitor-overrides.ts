import { z } from "zod";
import type { ClusterState } from "./cluster-state.ts";

/** The part of a Prometheus object by which monitors do not see what they ask for. */
export const monitorOverrides = z.looseObject({
	ignoreNamespaceSelectors: z.boolean().default(false),
});

/** Why a monitor's pool does not see targets of other namespaces, as a clause; undefined if it does. */
export function whyOutOfSight(
	pool: string,
	{
		serviceMonitors,
		podMonitors,
	}: Pick<ClusterState, "serviceMonitors" | "podMonitors">,
	{ ignoreNamespaceSelectors }: z.infer<typeof monitorOverrides>,
): string | undefined {
	const [, kind, namespace = "", name] =
		/^(service|pod)Monitor\/([^/]+)\/([^/]+)\//.exec(pool) ?? [];
	const monitors = kind === "service" ? serviceMonitors : podMonitors;
	const monitor = monitors.find(
		({ metadata }) =>
			metadata.namespace === namespace && metadata.name === name,
	);
	if (!monitor || !ignoreNamespaceSelectors) return undefined;
	const { any, matchNames } = monitor.spec.namespaceSelector;
	return any || matchNames.some((each) => each !== namespace)
		? `Prometheus' ignoreNamespaceSelectors: true has it look into namespace ${namespace} alone`
		: undefined;
}
