import { expect, test } from "vitest";
import { makeSide } from "../cases/read-cases.ts";
import { compareSides } from "../compare.ts";

const side = (expr: string, version: string, wait = "5m") =>
	makeSide([], {
		version,
		objects: [
			{
				...{ kind: "PrometheusRule", name: "own" },
				spec: {
					groups: [{ name: "g", rules: [{ alert: "A", for: wait, expr }] }],
				},
			},
		],
	});

test.each([
	['a{namespace=~".*"} > 0', 'a{namespace="b"} > 0', "1.0.0", "5m", "review"],
	['a{namespace=~".*"} > 0', 'a{namespace="b"} > 0', "1.1.0", "5m", "review"],
	["a > 0", 'a{disk="b"} > 0', "1.0.0", "5m", "review"],
	["a > 0", 'a{disk="b"} > 0', "1.1.0", "5m", "note"],
	["a > 0", 'a{job="b"} > 0', "1.0.0", "5m", "note"],
	["a > 0", 'a{namespace="b"} > 1', "1.0.0", "5m", "note"],
	["a > 0", 'a{namespace="b"} > 0', "1.0.0", "10m", "note"],
	['a{namespace="b"} > 0', "a > 0", "1.0.0", "5m", "note"],
])(
	"from %s to %s of chart %s, for %s: %s",
	(from, to, version, wait, danger) => {
		const found = compareSides(side(from, "1.0.0"), side(to, version, wait));
		expect(found).toMatchObject([{ id: "alert-changed", danger }]);
	},
);
