import { join } from "node:path";
import { BucketClient } from "../clients/bucket.ts";
import { KubeClient } from "../clients/kubernetes.ts";
import { readSecretKey } from "../clients/secret.ts";
import type { Refusal } from "../common/environment.ts";
import { messageOf } from "../common/errors.ts";
import { refuseExposed } from "../common/output/report-file.ts";
import { writeGoYaml } from "../common/parsing/go-yaml.ts";
import type { Progress } from "../common/progress.ts";
import type { ClaimSet } from "../harness/claims/catalogue.ts";
import { testClaims } from "../harness/claims/claims.ts";
import { whyEnvironmentFailed } from "../harness/claims/cluster-health.ts";
import { type ClaimResult, holds } from "../harness/claims/summary.ts";
import { waitUntilSettledOrRefused } from "../harness/readiness/settle.ts";
import type { FreshEnvironment } from "../harness/set-up/fresh-environment.ts";
import type { Mutation } from "./catalogue.ts";
import { changeManifests, makeMutated } from "./make-mutated.ts";
import { combine } from "./together.ts";

/** What was seen while something was in force. */
export interface Findings {
	/** The claims that were tested. */
	readonly results: readonly ClaimResult[];
	/** Why there are no results, or not all. */
	readonly failure?: string;
	/** Why the cluster cannot be used any more. */
	readonly broken?: string;
}

export interface Tested {
	readonly set: ClaimSet;
	/** Ids; if empty, all claims. */
	readonly claims: readonly string[];
	/** In the report's folder. */
	readonly folder: string;
}

/**
 * Applies mutations, tests claims, and reverts the mutations. Their values are replaced by those of the next mutations
 * that are tried on this cluster.
 */
export async function tryOut(
	group: readonly Mutation[],
	tested: Tested,
	started: FreshEnvironment,
	progress: Progress,
): Promise<Findings> {
	const { environment } = started;
	const kube = KubeClient.fromKubeconfig(environment.kubeconfig);
	const left: string[] = [];
	try {
		const seen = await whileInForce(
			group,
			started,
			kube,
			left,
			progress,
			(refused) =>
				testOn(
					{ environment: { ...started.environment, refused } },
					tested,
					progress,
				),
		);
		// Each failure of the environment, e.g. a node that is gone, would be taken for one of the next mutations.
		const failed = await whyEnvironmentFailed(kube, environment, []);
		const broken = [seen.broken, ...left, failed].filter(Boolean).join("; ");
		return broken ? { ...seen, broken } : seen;
	} finally {
		kube.close();
	}
}

/** Tests claims on a stack as it is. */
export async function testOn(
	{ environment }: Pick<FreshEnvironment, "environment">,
	{ set, claims, folder }: Tested,
	progress: Progress,
): Promise<Findings> {
	const reportDir = join(environment.reportDir, folder);
	const all = await testClaims(
		{ ...environment, reportDir },
		claims,
		progress,
		// A fault goes on for minutes after a test of it has failed.
		{ set, bail: set === "faults" && claims.length === 1 },
	);
	await refuseExposed(reportDir);
	const results = all.filter(({ status }) => status !== "skipped");
	for (const { id, status, message } of results)
		if (!holds(status)) progress.say(`${id} is ${status}: ${message}`);
	return { results };
}

/** @param left gets what could not be reverted */
async function whileInForce(
	group: readonly Mutation[],
	started: FreshEnvironment,
	kube: KubeClient,
	left: string[],
	progress: Progress,
	action: (refused: readonly Refusal[]) => Promise<Findings>,
): Promise<Findings> {
	await using reverts = new AsyncDisposableStack();
	const revert = (what: string, undo: () => Promise<void>) =>
		reverts.defer(() =>
			undo().catch((error: unknown) => {
				left.push(`${what}: not reverted: ${messageOf(error)}`);
			}),
		);
	let applied = false;
	try {
		const refused = await applyMutations(
			combine(group),
			started,
			kube,
			revert,
			progress,
		);
		applied = true;
		return await action(refused);
	} catch (error) {
		// What is half applied is neither the stack before nor the mutation.
		const what = applied ? "the claims were not tested" : "it was not applied";
		const failure = `${what}: ${messageOf(error)}`;
		return { results: [], failure, broken: failure };
	}
}

/**
 * Changes the stack, and says by `revert` how each change is reverted.
 *
 * @returns what the stack refuses of it
 */
async function applyMutations(
	mutation: ReturnType<typeof combine>,
	{ environment, upgrade, changeAddon }: FreshEnvironment,
	kube: KubeClient,
	revert: (what: string, undo: () => Promise<void>) => void,
	progress: Progress,
): Promise<readonly Refusal[]> {
	const { namespace, slackWebhookUrl, canary } = environment;
	const { objects, values } = await makeMutated(mutation, {
		namespace,
		slackWebhookUrl,
		canary,
		readSecret: async (name, key) =>
			(await readSecretKey(kube, namespace, { name, key })).toString(),
	});
	revert("objects", () => kube.delete(objects));
	await kube.apply(objects);
	if (mutation.lifecycle.length > 0) {
		const bucket = new BucketClient(environment.objectStore);
		revert("the bucket's lifecycle", () => bucket.setLifecycle([]));
		await bucket.setLifecycle(mutation.lifecycle);
	}
	for (const { name, changes } of mutation.addons)
		await progress.phase(`addon ${name} changed`, async () => {
			const change = (text: string) => changeManifests({ name, changes }, text);
			revert(`addon ${name}`, await changeAddon(name, change));
		});
	const refused = await progress.phase("helm upgrade", () =>
		upgrade(writeGoYaml(values)),
	);
	// What does not come loads nothing, either.
	if (refused.length > 0) return refused;
	return progress.phase("configuration loaded", () =>
		waitUntilSettledOrRefused(kube, namespace),
	);
}
