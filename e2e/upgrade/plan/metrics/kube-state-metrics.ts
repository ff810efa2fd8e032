import { GoRegex } from "../../../common/go-regex.ts";
/** Whether kube-state-metrics with these arguments has a metric. */
export function isListed(args: readonly string[], metric: string): boolean {
	// Its own metrics are those of another port.
	if (metric.startsWith("kube_state_metrics_")) return true;
	const flagOf = (flag: string) =>
		args.find((each) => each.startsWith(`--${flag}=`))?.slice(flag.length + 3);
	const allowed = patterns(flagOf("metric-allowlist"));
	if (allowed.length > 0 && !allowed.some((each) => each.test(metric)))
		return false;
	if (patterns(flagOf("metric-denylist")).some((each) => each.test(metric)))
		return false;
	const resources = flagOf("resources")?.split(",");
	const resource = resourceOf(metric, resources ?? []);
	if (resources && resource === undefined && isOfResource(metric)) return false;
	for (const kind of ["labels", "annotations"] as const) {
		if (!metric.endsWith(`_${kind}`)) continue;
		// Without names of labels there is no such series.
		const names = flagOf(`metric-${kind}-allowlist`) ?? "";
		const own = resource ?? metric.slice("kube_".length, -kind.length - 1);
		return /^\*=/.test(names) || names.includes(own);
	}
	return true;
}

/** Every resource that kube-state-metrics knows, by the word in its metrics' names. */
const known =
	/^kube_(certificatesigningrequest|clusterrole|clusterrolebinding|configmap|cronjob|daemonset|deployment|endpoint|endpointslice|horizontalpodautoscaler|ingress|ingressclass|job|lease|limitrange|mutatingwebhookconfiguration|namespace|networkpolicy|node|persistentvolume|persistentvolumeclaim|poddisruptionbudget|pod|replicaset|replicationcontroller|resourcequota|role|rolebinding|secret|serviceaccount|service|statefulset|storageclass|validatingwebhookconfiguration|volumeattachment|verticalpodautoscaler)_/;

function isOfResource(metric: string): boolean {
	return known.test(metric);
}

/** Which of these resources, written in the plural, a metric is about. */
function resourceOf(
	metric: string,
	resources: readonly string[],
): string | undefined {
	const word = known.exec(metric)?.[1];
	return resources.find((each) => {
		const name = each.trim();
		return (
			name === word ||
			name === `${word}s` ||
			name === `${word}es` ||
			name === `${word?.replace(/y$/, "ies")}`
		);
	});
}

/** They are searched for, not matched as a whole. */
function patterns(list: string | undefined): GoRegex[] {
	return (list ?? "")
		.split(",")
		.filter(Boolean)
		.flatMap((each) => {
			try {
				return [new GoRegex(each)];
			} catch {
				return [];
			}
		});
}
