import { expect, test } from "vitest";
import { isSetByPerson } from "./set-by-person.ts";

const spec = (prometheusSpec: object) => ({ prometheus: { prometheusSpec } });

test.each([
	["a value that is new", "replicas", spec({}), spec({ replicas: 2 }), true],
	["a value that is gone", "secrets", spec({ secrets: ["a"] }), {}, true],
	[
		"a value of an umbrella chart",
		"externalLabels.cluster",
		{ kps: spec({ externalLabels: { cluster: "a" } }) },
		{ kps: spec({ externalLabels: { cluster: "b" } }) },
		true,
	],
	["another value", "replicas", spec({}), spec({ retention: "1d" }), false],
	[
		"equal values",
		"replicas",
		spec({ replicas: 2 }),
		spec({ replicas: 2 }),
		false,
	],
	[
		"a value of another workload",
		"replicas",
		{},
		{ alertmanager: { alertmanagerSpec: { replicas: 2 } } },
		false,
	],
])("%s", (_, field, before, after, expected) => {
	expect(
		isSetByPerson("Prometheus", field, { values: before }, { values: after }),
	).toBe(expected);
});
