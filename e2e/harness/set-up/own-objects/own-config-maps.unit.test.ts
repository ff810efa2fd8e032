import { expect, test } from "vitest";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { slackAuthority } from "../../chart/computed/slack-trust.ts";
import { makeOwnConfigMaps, makeOwnVolumeClaims } from "./own-config-maps.ts";

const namespace = "monitoring";
const make = (
	kind: string,
	spec: object,
	name = "x",
	apiVersion = "apps/v1",
): Manifest => ({ apiVersion, kind, metadata: { name }, spec });
const operated = (kind: string, spec: object, name = "x") =>
	make(kind, spec, name, "monitoring.coreos.com/v1");
const inPod = (spec: object) => make("Deployment", { template: { spec } });
const inContainer = (container: object) => inPod({ containers: [container] });
const find = async (...manifests: readonly Manifest[]) =>
	(await makeOwnConfigMaps(manifests, [], namespace)).sentences.map((each) =>
		each.replace(/, which the values refer to: the test makes it,/, ""),
	);

test.each([
	[
		"a variable",
		inContainer({
			env: [{ valueFrom: { configMapKeyRef: { name: "a", key: "k" } } }],
		}),
		["ConfigMap a with nothing as k"],
	],
	[
		"all variables",
		inContainer({ envFrom: [{ configMapRef: { name: "a" } }] }),
		["ConfigMap a empty"],
	],
	[
		"a volume with some keys",
		inPod({
			volumes: [
				{ configMap: { name: "a", items: [{ key: "ca.crt", path: "p" }] } },
			],
		}),
		["ConfigMap a with a certificate as ca.crt"],
	],
	[
		"a projected volume",
		inPod({
			volumes: [{ projected: { sources: [{ configMap: { name: "a" } }] } }],
		}),
		["ConfigMap a empty"],
	],
	[
		"files in a folder, by a part of it and by their paths",
		inPod({
			volumes: [{ name: "v", configMap: { name: "a" } }],
			containers: [
				{
					args: ["--ca=/etc/a/home-ca.pem", "--all=/etc/a/*.tmpl"],
					volumeMounts: [
						{ name: "v", mountPath: "/etc/a/" },
						{ name: "v", mountPath: "/x.json", subPath: "nodes.json" },
					],
				},
			],
		}),
		[
			"ConfigMap a with a certificate as home-ca.pem, a dashboard without panels as nodes.json",
		],
	],
	[
		"the operator's objects",
		operated("Prometheus", {
			configMaps: ["a"],
			remoteWrite: [
				{ tlsConfig: { ca: { configMap: { name: "b", key: "root" } } } },
				{
					url: "x",
					tlsConfig: { caFile: "/etc/prometheus/configmaps/a/ca.crt" },
				},
			],
			additional: "/etc/prometheus/configmaps/a/lights.json",
		}),
		[
			"ConfigMap a with a certificate as ca.crt, an empty list as lights.json",
			"ConfigMap b with a certificate as root",
		],
	],
])("%s is a reference", async (_, object, says) => {
	expect(await find(object)).toEqual(says);
});

test.each([
	[
		"optional",
		inPod({ volumes: [{ configMap: { name: "a", optional: true } }] }),
	],
	[
		"another program's",
		make(
			"Bundle",
			{ configMap: { name: "a" } },
			"x",
			"trust.cert-manager.io/v1",
		),
	],
	[
		"in another namespace",
		{
			...inPod({ volumes: [{ configMap: { name: "a" } }] }),
			metadata: { name: "x", namespace: "y" },
		},
	],
	[
		"Kubernetes' own",
		inPod({ volumes: [{ configMap: { name: "kube-root-ca.crt" } }] }),
	],
	["set-up's", operated("Alertmanager", { configMaps: [slackAuthority] })],
	[
		"the operator's",
		inPod({ volumes: [{ configMap: { name: "prometheus-x-rulefiles-0" } }] }),
	],
	["a Secret", inPod({ volumes: [{ secret: { secretName: "a" } }] })],
])("what is %s is not made", async (_, object) => {
	expect(await find(object)).toEqual([]);
});

test("nor is what something makes; the others have what their readers take", async () => {
	const uses = operated("Prometheus", {
		configMaps: ["a", "b", "c"],
		volumes: ["/etc/prometheus/configmaps/c/ca.crt"],
	});
	const ofChart = make("ConfigMap", {}, "a", "v1");
	const ofAddon = {
		...make("ConfigMap", {}, "b", "v1"),
		metadata: { name: "b", namespace },
	};
	const { objects } = await makeOwnConfigMaps(
		[uses, ofChart],
		[ofAddon],
		namespace,
	);
	expect(objects).toMatchObject([
		{
			kind: "ConfigMap",
			metadata: { name: "c", namespace },
			data: { "ca.crt": expect.stringMatching(/^-----BEGIN CERTIFICATE/) },
		},
	]);
});

const mounting = (claimName: string) =>
	inPod({ volumes: [{ name: "v", persistentVolumeClaim: { claimName } }] });
const claimsOf = (...manifests: readonly Manifest[]) =>
	makeOwnVolumeClaims(manifests, [], namespace, "longhorn");

test("a volume claim that nobody makes is one of the size of Grafana's", () => {
	const { objects, sentences } = claimsOf(mounting("graphs"));
	expect(objects).toMatchObject([
		{
			metadata: { name: "graphs", namespace },
			spec: {
				storageClassName: "longhorn",
				resources: { requests: { storage: "2Gi" } },
			},
		},
	]);
	expect(sentences).toEqual([
		"PersistentVolumeClaim graphs, which the values refer to: the test makes it, with 2Gi of StorageClass longhorn",
	]);
});

test.each([
	["is there", make("PersistentVolumeClaim", {}, "graphs", "v1"), "graphs"],
	[
		"the operator makes",
		operated("Prometheus", {}),
		"prometheus-x-db-prometheus-x-0",
	],
	["a StatefulSet makes", make("StatefulSet", {}, "store"), "data-store-0"],
])("one that %s is not made", (_, maker, name) => {
	expect(claimsOf(maker, mounting(name)).objects).toEqual([]);
});
