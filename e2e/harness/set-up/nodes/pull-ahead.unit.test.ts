import { expect, test } from "vitest";
import { tierLabel } from "../../cluster/tiers.ts";
import { planPulls } from "./pull-ahead.ts";

const medium = { [tierLabel]: "medium" };

function makeWorkload(
	kind: string,
	image: string,
	selector: Readonly<Record<string, string>> = {},
	args: readonly string[] = [],
) {
	const containers = [{ name: "main", image, args }];
	return {
		apiVersion: "apps/v1",
		kind,
		metadata: { name: image },
		spec: { template: { spec: { nodeSelector: selector, containers } } },
	};
}

test("each node gets the images of its pods, those of the operator and of Prometheus first", () => {
	const chart = [
		makeWorkload("Deployment", "grafana:1", medium),
		makeWorkload("DaemonSet", "node-exporter:1"),
		makeWorkload("Deployment", "anywhere:1"),
		makeWorkload("Deployment", "a/pinned:1@sha256:00", medium),
		makeWorkload("Deployment", "operator:1", medium, [
			"--prometheus-config-reloader=reloader:1",
		]),
		{
			apiVersion: "monitoring.coreos.com/v1",
			kind: "Prometheus",
			metadata: { name: "p" },
			spec: {
				image: "prometheus:1",
				thanos: { image: "thanos:1" },
				nodeSelector: { [tierLabel]: "large" },
			},
		},
	];
	const others = [
		makeWorkload("Deployment", "provisioner:1", {
			"kubernetes.io/hostname": "server",
		}),
		makeWorkload("Deployment", "external-secrets:1"),
		makeWorkload("StatefulSet", "loki:1", medium),
		makeWorkload("Deployment", "other-tier:1", { [tierLabel]: "huge" }),
	];
	expect(planPulls(chart, others)).toEqual({
		server: ["node-exporter:1", "provisioner:1", "external-secrets:1"],
		small: ["node-exporter:1"],
		medium: [
			"operator:1",
			"reloader:1",
			"grafana:1",
			"node-exporter:1",
			"loki:1",
		],
		large: [
			"prometheus:1",
			"thanos:1",
			"node-exporter:1",
			"external-secrets:1",
		],
	});
});
