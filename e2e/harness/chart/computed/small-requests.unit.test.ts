import { expect, test } from "vitest";
import { parse } from "yaml";
import { lowerRequests } from "./small-requests.ts";

const GiB = 2 ** 30;
const room = {
	small: { cpu: 0.6, memory: 2 * GiB },
	medium: { cpu: 1.2, memory: 4 * GiB },
	large: { cpu: 2, memory: 8 * GiB },
};
const lower = (...layers: string[]) => {
	const lowered = lowerRequests(layers, room);
	return [parse(lowered?.content ?? "null"), lowered?.changed];
};
const prometheus = (resources: string) =>
	`prometheus: { prometheusSpec: { resources: ${resources} } }`;

test("requests of large machines are lowered to a share of the tier's node, and both figures told", () => {
	expect(lower(prometheus("{ requests: { cpu: 3, memory: 8Gi } }"))).toEqual([
		{
			prometheus: {
				prometheusSpec: {
					resources: { requests: { cpu: "700m", memory: "2867Mi" } },
				},
			},
		},
		[
			"prometheus.prometheusSpec.resources.requests.cpu=700m, not 3",
			"prometheus.prometheusSpec.resources.requests.memory=2867Mi, not 8Gi",
		],
	]);
});

test.each([
	["grafana: { resources: { requests: { cpu: '2' } } }", "grafana"],
	["grafana: { sidecar: { resources: { requests: { cpu: 1 } } } }", "sidecar"],
	[
		"alertmanager: { alertmanagerSpec: { resources: { requests: { memory: 2G } } } }",
		"alertmanager",
	],
	[
		"prometheus: { prometheusSpec: { thanos: { resources: { requests: { memory: 2Gi } } } } }",
		"thanos",
	],
	["kube-state-metrics: { resources: { requests: { cpu: 800m } } }", "kube-"],
	[
		"prometheusOperator: { resources: { requests: { cpu: 500m } } }",
		"Operator",
	],
	[
		"prometheusOperator: { prometheusConfigReloader: { resources: { requests: { cpu: 200m } } } }",
		"Reloader",
	],
	[
		"prometheus-node-exporter: { resources: { requests: { cpu: 250m } } }",
		"exporter",
	],
])("so are those of every part: %s", (layer, part) => {
	expect(lower(layer)[1]).toEqual([expect.stringContaining(part)]);
});

test("a limit alone is a request of as much", () => {
	expect(lower(prometheus("{ limits: { memory: 16Gi } }"))[1]).toEqual([
		"prometheus.prometheusSpec.resources.requests.memory=2867Mi, not 16Gi",
	]);
	expect(
		lower(
			prometheus("{ limits: { memory: 16Gi }, requests: { memory: 1Gi } }"),
		),
	).toEqual([null, undefined]);
});

test.each([
	["small requests", [prometheus("{ requests: { cpu: 500m, memory: 2Gi } }")]],
	[
		"requests that a later file lowers",
		[
			prometheus("{ requests: { cpu: 3 } }"),
			prometheus("{ requests: { cpu: 100m } }"),
		],
	],
	[
		"requests that a later file takes back",
		[prometheus("{ requests: { cpu: 3 } }"), prometheus("null")],
	],
	["no quantities", [prometheus('{ requests: { cpu: "{{ x }}" } }'), ""]],
])("%s stay", (_, layers) => {
	expect(lower(...layers)).toEqual([null, undefined]);
});
