import { expect, test } from "vitest";
import { relabel } from "./relabel.ts";

const labels = { __name__: "a_total", job: "x", open: undefined };
const run = (...rules: object[]) => relabel(rules, labels, () => true);

test.each([
	["keep", [{ action: "keep", sourceLabels: ["job"], regex: "x|y" }], labels],
	[
		"keep nothing",
		[{ action: "keep", sourceLabels: ["job"], regex: "z" }],
		undefined,
	],
	[
		"drop",
		[{ action: "drop", source_labels: ["__name__"], regex: "a_.*" }],
		undefined,
	],
	[
		"anchored",
		[{ action: "drop", sourceLabels: ["__name__"], regex: "total" }],
		labels,
	],
	[
		"an unknown label",
		[{ action: "keep", sourceLabels: ["open"], regex: "z" }],
		labels,
	],
	[
		"replace",
		[
			{
				sourceLabels: ["job"],
				targetLabel: "y",
				replacement: ["$", "{1}-z"].join(""),
			},
		],
		{ ...labels, y: "x-z" },
	],
	[
		"replace without a match",
		[{ sourceLabels: ["job"], regex: "z", targetLabel: "y" }],
		labels,
	],
	[
		"replace by what is unknown",
		[{ sourceLabels: ["open"], targetLabel: "job" }],
		{ ...labels, job: undefined },
	],
	[
		"labelmap",
		[{ action: "labelmap", regex: "jo(.)", replacement: "m_$1" }],
		{ ...labels, m_b: "x" },
	],
	[
		"labeldrop",
		[{ action: "labeldrop", regex: "job|open" }],
		{ __name__: "a_total" },
	],
	[
		"uppercase",
		[{ action: "Uppercase", sourceLabels: ["job"], targetLabel: "job" }],
		{ ...labels, job: "X" },
	],
	[
		"lowercase of what is unknown",
		[{ action: "lowercase", sourceLabels: ["open"], targetLabel: "job" }],
		{ ...labels, job: undefined },
	],
	[
		"hashmod",
		[
			{
				action: "hashmod",
				sourceLabels: ["job"],
				targetLabel: "y",
				modulus: 2,
			},
		],
		{ ...labels, y: undefined },
	],
	[
		"keepequal",
		[{ action: "keepequal", sourceLabels: ["job"], targetLabel: "__name__" }],
		undefined,
	],
	[
		"dropequal",
		[{ action: "dropequal", sourceLabels: ["job"], targetLabel: "job" }],
		undefined,
	],
	[
		"dropequal of what is unknown",
		[{ action: "dropequal", sourceLabels: ["job"], targetLabel: "open" }],
		labels,
	],
	[
		"several labels",
		[{ action: "drop", sourceLabels: ["job", "__name__"], regex: "x;a_total" }],
		undefined,
	],
	[
		"a regular expression that Go refuses",
		[{ action: "drop", sourceLabels: ["job"], regex: "(?<=a)x" }],
		labels,
	],
])("%s", (_, rules, expected) => {
	expect(run(...rules)).toEqual(expected);
});

test("a label that the chart does not tell of keeps the target", () => {
	const rule = { action: "keep", sourceLabels: ["other"], regex: "z" };
	expect(relabel([rule], labels, () => false)).toEqual(labels);
	expect(relabel([rule], labels, () => true)).toBeUndefined();
});
