import { readFile } from "node:fs/promises";
import { mapValues } from "es-toolkit";
import { shareRead } from "../clients/api-server/shared-read.ts";
import { pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { formatLabels } from "../clients/label-selector.ts";
import { waitForPods, waitForRollout } from "../clients/rollout.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { labels } from "../common/labels.ts";
import { projectPath } from "../common/paths.ts";
import { tidyUp } from "../common/tidy-up.ts";
import { test as base, makeUniqueName } from "../test.ts";
import { readAppsTargets } from "./apps-targets.ts";
import {
	makeOwnLabels,
	makeSampleDeployment,
	makeSamplePod,
	makeSampleSource,
	type SampleApp,
	type SamplePod,
} from "./sample-pods.ts";
import { whyNotScraped } from "./sightings.ts";

/** A pod for each case, in two namespaces that are newer than the stack. All run on one node, which pulls the image. */
function makeSingleApps(here: string, there: string) {
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
	} as const satisfies Record<string, SampleApp>;
}

/** A Deployment on each tier, with as many samples as an application of some size has: a thousand with its value. */
function makeDeployedApps(here: string, there: string) {
	const make = (
		namespace: string,
		tier: NonNullable<SampleApp["tier"]>,
		portName: string,
		value: number,
	) => ({
		namespace,
		name: `${namespace}-${tier}`,
		label: "true" as const,
		portName,
		value,
		tier,
		bulk: 999,
	});
	return {
		small: make(here, "small", "http-metrics", 47),
		medium: make(there, "medium", "metrics", 48),
		large: make(here, "large", "metrics", 49),
	} satisfies Record<string, SampleApp>;
}

/** The claims' `test` with running sample pods, planted once for the file, and with what is waited for of them. */
export const test = base
	.extend(
		"pods",
		{ scope: "file" },
		async ({ kube, environment }, { onCleanup }) => {
			const here = makeUniqueName(environment);
			const there = makeUniqueName(environment);
			const single = makeSingleApps(here, there);
			const deployed = makeDeployedApps(here, there);
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
			const { node: image } = environment.images;
			const isIn = (namespace: string) => (each: SampleApp) =>
				each.namespace === namespace;
			const running = await Promise.all(
				[here, there].map(async (namespace) => {
					await kube.createNamespace(namespace, {
						[labels.run]: environment.runId,
					});
					const alone = Object.values<SampleApp>(single).filter(
						isIn(namespace),
					);
					const others = Object.values<SampleApp>(deployed).filter(
						isIn(namespace),
					);
					await kube.apply([
						makeSampleSource(namespace, server),
						...alone.map((each) => makeSamplePod(each, image)),
						...others.map((each) => makeSampleDeployment(each, image)),
					]);
					const [pods] = await Promise.all([
						Promise.all(others.map((each) => waitForDeployed(kube, each))),
						waitForPods(
							kube,
							namespace,
							alone.map(({ name }) => name),
						),
					]);
					return pods;
				}),
			);
			const byApp = new Map(running.flat().map((each) => [each.sample, each]));
			return {
				...mapValues(single, (app) => ({ ...app, sample: app.name })),
				...mapValues(deployed, ({ name }) => {
					const found = byApp.get(name);
					if (!found) throw new Error(`no pod of Deployment ${name} was found`);
					return found;
				}),
			};
		},
	)
	/** What Prometheus scrapes and drops, read once for all tests that ask at the same time. */
	.extend("readTargets", { scope: "file" }, ({ prometheus }) =>
		shareRead(() => readAppsTargets(prometheus)),
	)
	/** Waits until a pod is scraped. All were planted at the same time, so that all have the same time to be scraped. */
	.extend("waitUntilScraped", { scope: "file" }, ({ pods, readTargets }) => {
		const planted = performance.now();
		return (key: keyof typeof pods) =>
			eventually(
				`pod ${pods[key].name} is scraped`,
				Math.max(
					budgets.scrapeInterval - (performance.now() - planted),
					// If its last scrape failed, there is one more.
					budgets.scrapeInterval / 2,
				),
				async () => whyNotScraped(await readTargets(), pods[key]),
			);
	});

/** Waits until a Deployment has its pod. */
async function waitForDeployed(
	kube: KubeClient,
	app: SampleApp,
): Promise<SamplePod> {
	const { namespace, name } = app;
	await waitForRollout(kube, { kind: "Deployment", namespace, name });
	return eventually(
		`Deployment ${namespace}/${name} has one pod`,
		budgets.request,
		async () => {
			const [found, ...others] = await kube.list(
				{
					apiVersion: "v1",
					kind: "Pod",
					namespace,
					labelSelector: formatLabels(makeOwnLabels(app)),
				},
				pod,
			);
			return found && others.length === 0
				? { ...app, name: found.metadata.name, sample: name }
				: notYet(`it has ${others.length + (found ? 1 : 0)}`);
		},
	);
}
