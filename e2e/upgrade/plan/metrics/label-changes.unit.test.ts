import { expect, test } from "vitest";
import type { ScrapedTarget } from "../targets/target.ts";
import { labelChanges } from "./label-changes.ts";

const target = (
	labels: Record<string, string | undefined>,
	keptFromSamples?: RegExp,
): ScrapedTarget => ({
	...{ owner: "a", key: "a", port: "http", scraped: "Service/a", labels },
	...{ path: "/metrics", pods: undefined, metricRelabelings: [] },
	keptFromSamples,
});
const labels = { job: "a", namespace: "monitoring", pod: undefined, __x: "y" };

test.each([
	[target(labels), target({ ...labels, job: "b" }), ['job: "a" → "b"']],
	[
		target(labels, /^(namespace|pod)$/),
		target(labels),
		[
			"honorLabels true → false: where samples have namespace, pod themselves, they become exported_namespace, exported_pod",
		],
	],
	[
		target(labels),
		target(labels, /^namespace$/),
		[
			"honorLabels false → true: where samples have namespace themselves, they were exported_namespace",
		],
	],
	[
		{ ...target({}, /^(namespace|pod|node)$/), owner: "PodMonitor/a/b" },
		{ ...target({}), owner: "PodMonitor/a/b" },
		[
			"honorLabels true → false: where samples have namespace, pod themselves, they become exported_namespace, exported_pod",
		],
	],
	[target(labels), target(labels), []],
])("from %j to %j", (old, now, lines) => {
	expect(labelChanges(old, now)).toEqual(lines);
});
