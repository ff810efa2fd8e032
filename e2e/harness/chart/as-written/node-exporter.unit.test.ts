import { expect, test } from "vitest";
import { readNodeExporter } from "./node-exporter.ts";

function makeDaemonSet(image: string, spec: object = {}) {
	return {
		apiVersion: "apps/v1",
		kind: "DaemonSet",
		metadata: { name: "x" },
		spec: {
			template: {
				spec: {
					containers: [
						{
							name: "main",
							image,
							args: ["--path.rootfs=/host/root"],
							volumeMounts: [
								{ name: "proc", mountPath: "/host/proc" },
								{ name: "root", mountPath: "/host/root" },
							],
						},
					],
					volumes: [
						{ name: "proc", hostPath: { path: "/proc" } },
						{ name: "root", hostPath: { path: "/" } },
					],
					...spec,
				},
			},
		},
	};
}

test.each([
	"quay.io/prometheus/node-exporter:v1.9.1",
	"localhost:5000/mirror/node_exporter@sha256:0",
	"docker.io/bitnami/prometheus-node-exporter",
])("%s is found, with where it has the node's /", (image) => {
	expect(
		readNodeExporter([
			makeDaemonSet("example.org/node-exporter-helper:1"),
			makeDaemonSet(image),
		]),
	).toEqual({
		args: ["--path.rootfs=/host/root"],
		rootMounts: ["/host/root"],
	});
});

test("without a volume of /, it has it nowhere", () => {
	const found = readNodeExporter([
		makeDaemonSet("quay.io/prometheus/node-exporter:v1", { volumes: [] }),
	]);
	expect(found?.rootMounts).toEqual([]);
});

test("a chart without Node Exporter has none", () => {
	expect(readNodeExporter([])).toBeUndefined();
	expect(readNodeExporter([makeDaemonSet("example.org/other:1")])).toBe(
		undefined,
	);
});
