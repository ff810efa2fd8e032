import { expect, test } from "vitest";
import { kubeObject } from "../clients/kube-objects.ts";
import { podMonitor, serviceMonitor } from "./cluster-state.ts";
import { whyOutOfSight } from "./monitor-overrides.ts";

const metadata = { namespace: "monitoring", name: "m" };
const object = kubeObject.parse({
	apiVersion: "monitoring.coreos.com/v1",
	kind: "any",
	metadata,
});

function explain(
	pool: string,
	namespaceSelector: object,
	ignoreNamespaceSelectors = true,
) {
	const spec = { namespaceSelector };
	const state = {
		serviceMonitors: [
			serviceMonitor.parse({ ...object, spec: { ...spec, endpoints: [] } }),
		],
		podMonitors: [
			podMonitor.parse({
				...object,
				spec: { ...spec, podMetricsEndpoints: [] },
			}),
		],
	};
	return whyOutOfSight(pool, state, { ignoreNamespaceSelectors });
}

test("a monitor that asks for other namespaces does not see them if Prometheus ignores that", () => {
	const why =
		"Prometheus' ignoreNamespaceSelectors: true has it look into namespace monitoring alone";
	expect(explain("podMonitor/monitoring/m/0", { any: true })).toBe(why);
	const other = { matchNames: ["kube-system"] };
	expect(explain("serviceMonitor/monitoring/m/1", other)).toBe(why);
});

test("one of its own namespace sees all that it asks for, and so does any if Prometheus does not", () => {
	const pool = "serviceMonitor/monitoring/m/0";
	expect(explain(pool, {})).toBeUndefined();
	expect(explain(pool, { matchNames: ["monitoring"] })).toBeUndefined();
	expect(explain(pool, { any: true }, false)).toBeUndefined();
	expect(explain("by-hand", { any: true })).toBeUndefined();
});
