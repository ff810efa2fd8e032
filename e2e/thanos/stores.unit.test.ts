import { expect, test } from "vitest";
import { pod } from "../clients/kube-objects.ts";
import { findStores } from "./stores.ts";

const store = (name: string) => ({ name, minTime: 0, maxTime: 1 });
const podAt = (podIP?: string) =>
	pod.parse({
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name: "prometheus-0", namespace: "monitoring", uid: "1" },
		spec: { containers: [] },
		status: { podIP },
	});
const gateway = [store("10.42.1.9:10901")];
const two = [store("10.42.1.7:10901"), store("10.42.1.8:10901")];

test("of several sidecars that of the pod is asked", () => {
	const found = findStores(
		{ sidecar: two, store: gateway },
		podAt("10.42.1.8"),
	);
	expect(found.sidecar.names).toEqual(["10.42.1.8:10901"]);
	expect(
		findStores(
			{ sidecar: [store("[fd00::7]:10901"), ...two], store: gateway },
			podAt("fd00::7"),
		).sidecar.names,
	).toEqual(["[fd00::7]:10901"]);
	expect(() => findStores({ sidecar: two, store: gateway }, podAt())).toThrow(
		"asks no sidecar",
	);
});

test("the only one may have another address, such as a Service's", () => {
	const sidecar = [store("sidecar.monitoring:10901")];
	expect(
		findStores({ sidecar, store: gateway }, podAt("10.42.1.8")).sidecar.names,
	).toEqual(["sidecar.monitoring:10901"]);
});

test("several store gateways are asked together", () => {
	const found = findStores(
		{
			sidecar: [store("sidecar:10901")],
			store: [
				{ name: "old:10901", minTime: 1, maxTime: 5 },
				{ name: "new:10901", minTime: 4, maxTime: 9 },
			],
		},
		podAt("10.42.1.8"),
	);
	expect(found.store).toEqual({
		names: ["old:10901", "new:10901"],
		minTime: 1,
		maxTime: 9,
	});
	expect(() =>
		findStores({ sidecar: [store("sidecar:10901")] }, podAt("10.42.1.8")),
	).toThrow("asks no store gateway");
});
