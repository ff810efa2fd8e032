import { expect, test } from "vitest";
import { makeSide } from "./cases/read-cases.ts";
import { compareSides } from "./compare.ts";

const release = (name: string, ...services: string[]) =>
	makeSide([], {
		objects: [
			...services.map((each) => ({
				kind: "Service",
				name: `${name}-${each}`,
				spec: { ports: [{ name: "http", port: 80 }] },
			})),
			{ kind: "ConfigMap", name: `${name}-a`, data: { a: "1" } },
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
			"ConfigMap/monitoring/kps-a",
			"ConfigMap/monitoring/kps-a is now ConfigMap/monitoring/prom-a.",
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
