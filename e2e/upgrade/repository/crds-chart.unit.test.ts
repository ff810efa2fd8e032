import { expect, test } from "vitest";
import { findCrdsChart } from "./crds-chart.ts";
import { findReleases } from "./find-releases.ts";
import { makeHelmRelease } from "./flux/make-objects.ts";
import { makeTree } from "./git/make-tree.ts";

const releases = (version?: string) => {
	const chart = makeHelmRelease({}, "crds");
	Object.assign(chart.spec.chart.spec, {
		chart: "prometheus-operator-crds",
		version,
	});
	return findReleases(
		makeTree({ "a.yaml": [makeHelmRelease({}), ...(version ? [chart] : [])] }),
	);
};

test.each([
	["no such chart", undefined, undefined, undefined],
	["one that moves", "17.0.2", "18.0.0", { before: "17.0.2", after: "18.0.0" }],
	["one that stays", "17.0.2", "17.0.2", { before: "17.0.2", after: "17.0.2" }],
	["a new one", undefined, "18.0.0", { before: "", after: "18.0.0" }],
	["one that goes", "17.0.2", undefined, undefined],
])("%s", (_, old, now, found) => {
	expect(findCrdsChart(releases(old), releases(now))).toEqual(found);
});
