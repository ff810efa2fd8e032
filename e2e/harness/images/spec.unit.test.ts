import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { projectPath } from "../../common/paths.ts";
import { parseImageReference } from "./reference.ts";
import { componentFor, componentNamed, readComponents } from "./spec.ts";

test("the image of k8s-sidecar has every file of its source", async () => {
	const { build } = componentNamed(await readComponents(), "k8s-sidecar");
	const names = await readdir(projectPath("stack", "images", "k8s-sidecar"));
	const sources = names.filter((name) => !name.endsWith(".test.ts"));
	expect(build.files).toEqual(
		Object.fromEntries(
			sources.map((name) => [`/app/${name}`, `k8s-sidecar/${name}`]),
		),
	);
});

const components = await readComponents();
const standInFor = (reference: string) =>
	componentFor(components, parseImageReference(reference))?.name;

test.each([
	["quay.io/prometheus/prometheus:v3.5.0", "prometheus"],
	["docker.io/prom/prometheus:v3.5.0", "prometheus"],
	// What a mirror of one's own calls it: with the path alone, or below that of a proxied registry.
	["harbor.home.example/prometheus/prometheus:v3.5.0", "prometheus"],
	["harbor.home.example:5000/quay/thanos/thanos:v0.39.0", "thanos"],
	["ghcr.io/grafana/grafana:12.1.0", "grafana"],
	["harbor.home.example/library/busybox", "busybox"],
	["harbor.home.example/prometheus/other:v1", undefined],
	["harbor.home.example/myprometheus/prometheus:v1", undefined],
])("%s is stood in for by %s", (reference, component) => {
	expect(standInFor(reference)).toBe(component);
});
