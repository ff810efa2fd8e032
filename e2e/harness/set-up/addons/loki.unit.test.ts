import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { projectPath } from "../../../common/paths.ts";
import { loki } from "./loki.ts";

const original = await readFile(projectPath("stack/addons/loki.yaml"), "utf8");
const make = (kind: string, routePrefix?: string) => ({
	apiVersion: "monitoring.coreos.com/v1",
	kind,
	metadata: { name: "x" },
	spec: { ...(routePrefix && { routePrefix }) },
});

test("Loki's ruler sends to the paths below which Prometheus and Alertmanager serve", () => {
	const adapted = loki.adapt?.(original, [
		make("Prometheus", "/prometheus/"),
		make("Alertmanager", "/alertmanager"),
	]);
	expect(adapted).toContain(":9093/alertmanager\n");
	expect(adapted).toContain(":9090/prometheus/api/v1/write\n");
});

test.each([
	["none", []],
	["the chart's own path", [make("Prometheus", "/"), make("Alertmanager")]],
])("with %s its manifests stay as they are", (_, rendered) => {
	expect(loki.adapt?.(original, rendered)).toBe(original);
});

test("an address that the manifests do not name is noticed", () => {
	expect(() => loki.adapt?.("kind: List", [])).toThrow(
		/does not name http:\/\/alertmanager-operated/,
	);
});
