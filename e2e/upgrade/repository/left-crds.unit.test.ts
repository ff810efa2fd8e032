import { expect, test } from "vitest";
import { findReleases } from "./find-releases.ts";
import { makeHelmRelease } from "./flux/make-objects.ts";
import { makeTree } from "./git/make-tree.ts";
import { describeLeftCrds, findLeftCrds } from "./left-crds.ts";

const origin = {
	deployer: "Flux",
	file: "stack.yaml",
	line: 1,
	bringsCrds: false,
	unknown: [],
};
const moved = [{ name: "a", before: "0.79.2", after: "0.80.0" }];

const releases = (spec: object, crds?: string) => {
	const chart = makeHelmRelease({}, "crds");
	Object.assign(chart.spec.chart.spec, {
		chart: "prometheus-operator-crds",
		version: crds,
	});
	return findReleases(
		makeTree({ "a.yaml": [makeHelmRelease(spec), ...(crds ? [chart] : [])] }),
	);
};

function describe(spec: object, old?: string, now?: string) {
	const head = releases(spec, now);
	const stack = head.find(({ name }) => name === "stack");
	return stack && describeLeftCrds(stack, releases(spec, old), head);
}

test.each([
	[
		"Flux' default",
		{},
		undefined,
		undefined,
		"Flux leaves them as they are, and nothing that was read here applies them",
	],
	[
		"a chart of CRDs that stays",
		{},
		"17.0.2",
		"17.0.2",
		"Flux leaves them as they are, and prometheus-operator-crds, which brings them, stays at 17.0.2",
	],
	["a chart of CRDs that moves too", {}, "17.0.2", "18.0.0", undefined],
	[
		"Flux' CreateReplace",
		{ upgrade: { crds: "CreateReplace" } },
		undefined,
		undefined,
		undefined,
	],
	[
		"the chart's own job",
		{ values: { crds: { upgradeJob: { enabled: true } } } },
		undefined,
		undefined,
		undefined,
	],
])("%s", (_, spec, old, now, sentence) => {
	expect(describe(spec, old, now)).toBe(sentence);
});

test("CRDs that change are left behind, and those that stay are not", () => {
	const leftCrds = "nobody moves them";
	const same = [{ name: "a", before: "0.80.0", after: "0.80.0" }];
	expect(findLeftCrds({ ...origin, leftCrds }, moved)).toMatchObject([
		{
			id: "crds-left-behind",
			danger: "review",
			what: "The new operator wants CRDs of 0.80.0, and they stay at 0.79.2: nobody moves them.",
		},
	]);
	expect(findLeftCrds({ ...origin, leftCrds }, same)).toEqual([]);
	expect(findLeftCrds({ ...origin, leftCrds: undefined }, moved)).toEqual([]);
	expect(findLeftCrds(undefined, moved)).toEqual([]);
});
