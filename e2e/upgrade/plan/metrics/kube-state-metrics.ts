import { memoize } from "es-toolkit";
import { GoRegex } from "../../../common/go-regex.ts";
import type { LabelMatcher } from "../../../common/promql/expressions.ts";
import { satisfies } from "../targets/target.ts";

/** Whether kube-state-metrics with these arguments has series of a metric with such labels. */
export function isListed(
	args: readonly string[],
	metric: string,
	matchers: readonly LabelMatcher[],
): boolean {
	// Its own metrics are those of another port.
	if (metric.startsWith("kube_state_metrics_")) return true;
	const flagOf = (flag: string) =>
		args.find((each) => each.startsWith(`--${flag}=`))?.slice(flag.length + 3);
	if (flagOf("custom-resource-state-only") === "true") return false;
	const allowed = patterns(flagOf("metric-allowlist"));
	if (allowed.length > 0 && !allowed.some((each) => each.test(metric)))
		return false;
	if (patterns(flagOf("metric-denylist")).some((each) => each.test(metric)))
		return false;
	const resources = flagOf("resources")?.split(",");
	if (resources && wordOf(metric) && !resourceOf(metric, resources))
		return false;
	return (
		isInNamespaces(
			metric,
			listOf(flagOf("namespaces")),
			listOf(flagOf("namespaces-denylist")),
			matchers,
		) &&
		(["label", "annotation"] as const).every(
			(kind) =>
				!metric.endsWith(`_${kind}s`) ||
				isExposed(
					metric,
					kind,
					flagOf(`metric-${kind}s-allowlist`) ?? "",
					matchers,
				),
		)
	);
}

/** Every resource that kube-state-metrics knows, by the word in its metrics' names: those in namespaces, and others. */
const inNamespaces =
	/^kube_(configmap|cronjob|daemonset|deployment|endpoint|endpointslice|horizontalpodautoscaler|ingress|job|lease|limitrange|networkpolicy|persistentvolumeclaim|poddisruptionbudget|pod|replicaset|replicationcontroller|resourcequota|role|rolebinding|secret|serviceaccount|service|statefulset|verticalpodautoscaler)_/;
const outsideNamespaces =
	/^kube_(certificatesigningrequest|clusterrole|clusterrolebinding|ingressclass|mutatingwebhookconfiguration|namespace|node|persistentvolume|storageclass|validatingwebhookconfiguration|volumeattachment)_/;

function wordOf(metric: string): string | undefined {
	return (inNamespaces.exec(metric) ?? outsideNamespaces.exec(metric))?.[1];
}

/** Which of these resources, written in the plural, a metric is about. */
function resourceOf(
	metric: string,
	resources: readonly string[],
): string | undefined {
	const word = wordOf(metric);
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

/** Whether it watches a namespace that a selector asks for. */
function isInNamespaces(
	metric: string,
	watched: readonly string[],
	denied: readonly string[],
	matchers: readonly LabelMatcher[],
): boolean {
	const asked = matchers.filter(({ label }) => label === "namespace");
	if (asked.length === 0 || !inNamespaces.test(metric)) return true;
	// Kubernetes fills in variables.
	if (watched.some((each) => each.includes("$"))) return true;
	if (watched.length > 0)
		return watched.some((each) =>
			asked.every((matcher) => satisfies(each, matcher)),
		);
	return !asked.some(
		({ operator, value }) => operator === "=" && denied.includes(value),
	);
}

/** Whether an allow list, e.g. `pods=[team],nodes=[*]`, has the labels or annotations that a selector asks for. */
function isExposed(
	metric: string,
	kind: "label" | "annotation",
	allowlist: string,
	matchers: readonly LabelMatcher[],
): boolean {
	const lists = new Map(
		[...allowlist.matchAll(/([^,=[\]\s]+)=\[([^\]]*)\]/g)].map(
			([, resource = "", names = ""]) => [resource, listOf(names)],
		),
	);
	const resource = resourceOf(metric, [...lists.keys()]) ?? "*";
	const names = lists.get(resource);
	// Without names of labels there is no such series.
	if (!names) return false;
	if (names.includes("*")) return true;
	const exposed = new Set(names.map((each) => plain(`${kind}_${each}`)));
	return matchers
		.filter(({ label }) => label.startsWith(`${kind}_`))
		.every(
			(matcher) => exposed.has(plain(matcher.label)) || satisfies("", matcher),
		);
}

/** Names of labels are rewritten for Prometheus: in which way differs by version. */
function plain(name: string): string {
	return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

function listOf(text: string | undefined): string[] {
	return (text ?? "")
		.split(",")
		.map((each) => each.trim())
		.filter(Boolean);
}

/** They are searched for, not matched as a whole. The same few are asked again for each metric. */
const patterns = memoize((list: string | undefined): GoRegex[] =>
	listOf(list).flatMap((each) => {
		try {
			return [new GoRegex(each)];
		} catch {
			return [];
		}
	}),
);
