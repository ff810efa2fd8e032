import { expect, test } from "vitest";
import { findWrongLabels } from "./target-labels.ts";

const pod = { namespace: "n", name: "p" };
const labels = {
	namespace: "n",
	pod: "p",
	container: "app",
	job: "m/o11y-apps",
	instance: "10.0.0.1:8080",
};

function makeTarget(changed: Record<string, string> = {}, host = "10.0.0.1") {
	return {
		labels: { ...labels, ...changed },
		scrapeUrl: `http://${host}:8080/metrics`,
		scrapePool: "podMonitor/m/o11y-apps/0",
	};
}

test("a target that the operator has labelled is as expected", () => {
	const other = makeTarget({ instance: "10.0.0.2:8080" }, "10.0.0.2");
	const target = makeTarget();
	expect(findWrongLabels(target, pod, [target, other])).toEqual([]);
});

test("a job and an instance of a person's own are as good", () => {
	const target = makeTarget({ job: "shop", instance: "p" });
	expect(findWrongLabels(target, pod, [target])).toEqual([]);
});

test("each label that does not name the pod is reported", () => {
	const target = makeTarget({ container: "", namespace: "other", job: "" });
	expect(findWrongLabels(target, pod, [target])).toEqual(
		[
			"has namespace other instead of n",
			"has no label container instead of app",
			"has no label job",
		].map(
			(problem) =>
				`the target of pod p ${problem}: relabelling of pool podMonitor/m/o11y-apps/0 has changed what the operator sets`,
		),
	);
});

test("two targets with the same job and instance are reported", () => {
	const target = makeTarget({ instance: "app" });
	const twin = makeTarget({ instance: "app" }, "10.0.0.2");
	expect(findWrongLabels(target, pod, [target, twin])[0]).toMatch(
		"has job m/o11y-apps and instance app, as http://10.0.0.2:8080/metrics has",
	);
});
