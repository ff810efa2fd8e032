import { describe, expect, test } from "vitest";
import type { SamplePod } from "./sample-pods.ts";
import { whyNotComplete } from "./stored-samples.ts";

const pod: SamplePod = {
	namespace: "n",
	name: "p",
	sample: "s",
	portName: "metrics",
	value: 1,
};
describe("a pod with series in bulk", () => {
	const full = { ...pod, bulk: 1000 };
	const makeCount = (value: number, container = "app") => ({
		metric: { namespace: "n", pod: "p", container },
		value: { timestamp: 0, value },
	});

	test("has all of them stored", () => {
		expect(whyNotComplete([makeCount(1000)], full)).toBeUndefined();
	});

	test("has some or none of them stored", () => {
		expect(whyNotComplete([makeCount(100)], full)?.reason).toBe(
			"of 1000 series of o11y_e2e_sample_bulk that pod p exposes, 100 are stored with its namespace, name and container",
		);
		expect(whyNotComplete([], full)?.reason).toMatch("0 are stored");
	});

	test("has them under other labels", () => {
		expect(whyNotComplete([makeCount(1000, "x")], full)?.reason).toMatch(
			'0 are stored with its namespace, name and container; 1000 have {"namespace":"n","pod":"p","container":"x"}',
		);
	});
});
