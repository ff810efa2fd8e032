import { expect, test } from "vitest";
import { parse } from "yaml";
import { mountByOneNode } from "./single-writer.ts";

const many = "accessModes: [ReadWriteMany]";
const template = `volumeClaimTemplate: { spec: { ${many} } }`;

test("Grafana's volume is mounted by one node, and Grafana recreated", () => {
	const addition = mountByOneNode([
		"grafana: { deploymentStrategy: { type: Recreate } }",
		`grafana: { persistence: { ${many} }, deploymentStrategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 1 } } }`,
	]);
	expect(parse(addition?.content ?? "")).toEqual({
		grafana: {
			persistence: { accessModes: ["ReadWriteOnce"] },
			deploymentStrategy: { type: "Recreate", rollingUpdate: null },
		},
	});
	expect(addition?.changed).toEqual([
		'grafana.persistence.accessModes=["ReadWriteOnce"]',
		"grafana.deploymentStrategy.type=Recreate",
		"grafana.deploymentStrategy.rollingUpdate=null",
	]);
});

test("so are those of Prometheus and Alertmanager, and nothing else of Grafana's changes", () => {
	const addition = mountByOneNode([
		`prometheus: { prometheusSpec: { storageSpec: { ${template} } } }`,
		`alertmanager: { alertmanagerSpec: { storage: { ${template} } } }`,
	]);
	expect(addition?.changed).toEqual([
		'prometheus.prometheusSpec.storageSpec.volumeClaimTemplate.spec.accessModes=["ReadWriteOnce"]',
		'alertmanager.alertmanagerSpec.storage.volumeClaimTemplate.spec.accessModes=["ReadWriteOnce"]',
	]);
});

test.each([
	["no volume", [""]],
	[
		"one writer",
		["grafana: { persistence: { accessModes: [ReadWriteOnce] } }"],
	],
	[
		"a later file with one writer",
		[
			`grafana: { persistence: { ${many} } }`,
			"grafana: { persistence: { accessModes: [ReadWriteOnce] } }",
		],
	],
])("%s stays", (_, layers) => {
	expect(mountByOneNode(layers)).toBeUndefined();
});
