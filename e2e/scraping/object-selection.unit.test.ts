import { expect, test } from "vitest";
import {
	type ObjectSelection,
	prometheusSelectors,
	type SelectedKind,
	whyNotSelected,
} from "./object-selection.ts";

const home = { "kubernetes.io/metadata.name": "monitoring" };
const team = { team: "media" };

function explain(
	spec: object,
	{
		kind = "ServiceMonitor",
		namespace = "monitoring",
		labels = team,
		operatorArgs = [],
	}: Partial<
		ObjectSelection & { kind: SelectedKind; labels: Record<string, string> }
	> = {},
) {
	return whyNotSelected(
		kind,
		{ namespace, labels },
		{
			spec: prometheusSelectors.parse(spec),
			namespace: "monitoring",
			namespaces: new Map([["monitoring", home]]),
			operatorArgs,
		},
	);
}

test("an empty selector takes everything, of all namespaces", () => {
	const all = {
		serviceMonitorSelector: {},
		serviceMonitorNamespaceSelector: {},
	};
	expect(explain(all)).toBeUndefined();
	expect(explain(all, { namespace: "media" })).toBeUndefined();
});

test("a selector that is not there takes nothing, or only the own namespace", () => {
	expect(explain({}, { kind: "ScrapeConfig" })).toBe(
		"Prometheus has no scrapeConfigSelector, so it selects none",
	);
	const own = { ruleSelector: {} };
	expect(explain(own, { kind: "PrometheusRule" })).toBeUndefined();
	expect(explain(own, { kind: "PrometheusRule", namespace: "media" })).toBe(
		"Prometheus has no ruleNamespaceSelector, so it selects none outside of namespace monitoring",
	);
});

test("a selector that takes other labels or namespaces is named, with what it asks for", () => {
	expect(
		explain(
			{
				probeSelector: { matchLabels: { release: "monitoring" } },
				probeNamespaceSelector: {},
			},
			{ kind: "Probe" },
		),
	).toBe(
		"Prometheus' probeSelector (release=monitoring) does not select its labels (team=media)",
	);
	expect(
		explain(
			{
				podMonitorSelector: {},
				podMonitorNamespaceSelector: { matchLabels: home },
			},
			{ kind: "PodMonitor", namespace: "media" },
		),
	).toBe(
		"Prometheus' podMonitorNamespaceSelector (kubernetes.io/metadata.name=monitoring) does not select namespace media",
	);
});

test("the operator may not watch a namespace at all", () => {
	expect(
		explain(
			{ serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {} },
			{ namespace: "media", operatorArgs: ["--deny-namespaces=media,old"] },
		),
	).toBe(
		"the operator does not watch namespace media (--deny-namespaces=media,old)",
	);
});
