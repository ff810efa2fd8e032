import { expect, test } from "vitest";
import { pod } from "../clients/kube-objects.ts";
import { claimsOfFolder } from "./data-claims.ts";

const grafana = pod.parse({
	apiVersion: "v1",
	kind: "Pod",
	metadata: { name: "grafana-0", namespace: "monitoring" },
	spec: {
		containers: [
			{
				name: "grafana",
				volumeMounts: [
					{ name: "storage", mountPath: "/var/lib/grafana" },
					{ name: "media", mountPath: "/srv/media" },
					{ name: "scratch", mountPath: "/tmp" },
					{ name: "scratch", mountPath: "/var/lib/grafana/png" },
				],
			},
		],
		volumes: [
			{ name: "storage", persistentVolumeClaim: { claimName: "grafana" } },
			{ name: "media", persistentVolumeClaim: { claimName: "media" } },
			{ name: "scratch", emptyDir: {} },
		],
	},
	status: {},
});

test.each([
	["/var/lib/grafana", ["grafana"]],
	["/var/lib/grafana/data", ["grafana"]],
	["/var/lib/grafana-data", []],
	["/var/lib/grafana/png", []],
	["/tmp/data", []],
])("%s is on the volume claims %j", (folder, claims) => {
	expect(claimsOfFolder([grafana], folder)).toEqual(claims);
});
