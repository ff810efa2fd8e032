import { expect, test } from "vitest";
import { makeSide } from "./cases/read-cases.ts";
import { compareSides } from "./compare.ts";

const release = (name: string, ...services: string[]) =>
	makeSide([], {
		objects: [
			...services.map((each) => ({
				kind: "Service",
				name: `${name}-${each}`,
				spec: { selector: { app: each }, ports: [{ name: "http", port: 80 }] },
			})),
			...["a", "b"].map((each) => ({
				kind: "ConfigMap",
				name: `${name}-${each}`,
				data: { a: "1" },
			})),
			{ kind: "Alertmanager", name: `${name}-a`, spec: { storage: {} } },
			{ kind: "Prometheus", name: `${name}-p`, spec: { storage: {} } },
			{ kind: "Secret", name: `alertmanager-${name}-a` },
		],
	});

test("many objects of one renamed release are one reason", () => {
	expect(
		compareSides(
			release("kps", "a", "b", "c", "d"),
			release("prom", "a", "b", "c"),
		).map(({ id, subject, what, evidence }) => [id, subject, what, evidence]),
	).toEqual([
		[
			"service-gone",
			"kps → prom",
			"3 Services get new names. Their names began with kps, and now begin with prom.",
			["a", "b", "c"].map(
				(each) =>
					`Service/monitoring/kps-${each} → Service/monitoring/prom-${each}`,
			),
		],
		[
			"object-renamed",
			"kps → prom (3 objects: ConfigMap/monitoring/kps-a, ConfigMap/monitoring/kps-b, Secret/monitoring/alertmanager-kps-a)",
			"3 further objects get new names. Their names began with kps, and now begin with prom.",
			[
				"ConfigMap/monitoring/kps-a → ConfigMap/monitoring/prom-a",
				"ConfigMap/monitoring/kps-b → ConfigMap/monitoring/prom-b",
				"Secret/monitoring/alertmanager-kps-a → Secret/monitoring/alertmanager-prom-a",
			],
		],
		[
			"data-left-behind",
			"Alertmanager/monitoring/kps-a",
			"Alertmanager/monitoring/kps-a is now Alertmanager/monitoring/prom-a; its data stays in the old volume claim.",
			[],
		],
		[
			"data-left-behind",
			"Prometheus/monitoring/kps-p",
			"Prometheus/monitoring/kps-p is now Prometheus/monitoring/prom-p; its data stays in the old volume claim.",
			[],
		],
		[
			"service-gone",
			"Service/monitoring/kps-d",
			"Service/monitoring/kps-d is removed.",
			[],
		],
	]);
});
