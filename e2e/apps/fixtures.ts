import { readFile } from "node:fs/promises";
import { waitForPods } from "../clients/rollout.ts";
import { labels } from "../common/labels.ts";
import { projectPath } from "../common/paths.ts";
import { tidyUp } from "../common/tidy-up.ts";
import { test as base, makeUniqueName } from "../test.ts";
import {
	makeSamplePod,
	makeSampleSource,
	type SamplePod,
} from "./sample-pods.ts";

/** One pod for each case, in two namespaces that are newer than the stack. */
function makeSamplePods(here: string, there: string) {
	return {
		metrics: {
			namespace: here,
			name: `${here}-metrics`,
			label: "true",
			portName: "metrics",
			value: 41,
		},
		httpMetrics: {
			namespace: there,
			name: `${there}-http-metrics`,
			label: "true",
			portName: "http-metrics",
			value: 42,
		},
		doomed: {
			namespace: there,
			name: `${there}-doomed`,
			label: "true",
			portName: "metrics",
			value: 43,
		},
		unlabelled: {
			namespace: here,
			name: `${here}-unlabelled`,
			portName: "metrics",
			value: 44,
		},
		optedOut: {
			namespace: here,
			name: `${here}-opted-out`,
			label: "false",
			portName: "metrics",
			value: 45,
		},
		otherPort: {
			namespace: here,
			name: `${here}-other-port`,
			label: "true",
			portName: "web",
			value: 46,
		},
	} as const satisfies Record<string, SamplePod>;
}

/** The claims' `test` with running sample pods, planted once for the file. */
export const test = base.extend(
	"pods",
	{ scope: "file" },
	async ({ kube, environment }, { onCleanup }) => {
		const here = makeUniqueName(environment);
		const there = makeUniqueName(environment);
		const pods = makeSamplePods(here, there);
		const all: SamplePod[] = Object.values(pods);
		const server = await readFile(
			projectPath("fixtures", "sample-app", "server.ts"),
			"utf8",
		);
		// One clean-up for both: a fixture can register only one.
		onCleanup(
			tidyUp("deletion of the sample pods' namespaces", async () => {
				await Promise.all(
					[here, there].map((each) => kube.deleteNamespace(each)),
				);
			}),
		);
		await Promise.all(
			[here, there].map(async (namespace) => {
				await kube.createNamespace(namespace, {
					[labels.run]: environment.runId,
				});
				const own = all.filter((each) => each.namespace === namespace);
				await kube.apply([
					makeSampleSource(namespace, server),
					...own.map((each) => makeSamplePod(each, environment.images.node)),
				]);
				await waitForPods(
					kube,
					namespace,
					own.map(({ name }) => name),
				);
			}),
		);
		return pods;
	},
);
