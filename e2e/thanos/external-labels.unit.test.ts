import { expect, test } from "vitest";
import { findChangedLabels } from "./external-labels.ts";

const first = { cluster: "homelab", prometheus: "monitoring/stack" };

test("another or a missing external label is found", () => {
	expect(findChangedLabels(first, { ...first, cluster: "lab" })).toEqual([
		expect.stringContaining(
			'the external label cluster was "homelab" and is "lab" now',
		),
	]);
	expect(findChangedLabels(first, { cluster: "homelab" })).toHaveLength(1);
});

test("nothing is said of labels that set-up could not read", () => {
	expect(() => findChangedLabels({}, first)).toThrow("set-up could not read");
});

test("the same labels, and a further one, are fine", () => {
	expect(findChangedLabels(first, first)).toEqual([]);
	expect(findChangedLabels(first, { ...first, site: "attic" })).toEqual([]);
});
