import { join } from "node:path";
import { stringify } from "yaml";
import { KubeClient } from "../clients/kubernetes.ts";
import { readSecretKey } from "../clients/secret.ts";
import { messageOf } from "../common/errors.ts";
import type { Progress } from "../common/progress.ts";
import type { ClaimSet } from "../harness/claims/catalogue.ts";
import { testClaims } from "../harness/claims/claims.ts";
import { holds } from "../harness/claims/summary.ts";
import { waitUntilSettled } from "../harness/readiness/settle.ts";
import type { FreshEnvironment } from "../harness/set-up/fresh-environment.ts";
import type { Mutation } from "./catalogue.ts";
import { judge } from "./judge.ts";
import { changeManifests, makeMutated } from "./make-mutated.ts";
import { combine } from "./together.ts";

/**
 * Applies a group of mutations, tests every claim, or only the faults that they must refute, and reverts the mutations;
 * the next group's values replace their values.
 *
 * @returns what is wrong with the outcome; undefined if exactly the claims that must be refuted are
 */
export async function tryOut(
	group: readonly Mutation[],
	set: ClaimSet,
	started: FreshEnvironment,
	progress: Progress,
): Promise<string | undefined> {
	const { environment } = started;
	const kube = KubeClient.fromKubeconfig(environment.kubeconfig);
	await using reverts = new AsyncDisposableStack();
	reverts.defer(() => kube.close());
	const revert = (action: () => Promise<void>) =>
		reverts.defer(() =>
			action().catch((error: unknown) =>
				progress.say(`not reverted: ${messageOf(error)}`),
			),
		);
	await applyMutations(combine(group), started, kube, revert, progress);
	const results = await testClaims(
		{
			// As it is after the upgrade.
			...started.environment,
			reportDir: join(environment.reportDir, folderOf(group)),
		},
		// One fault takes minutes, all of them more than a quarter of an hour.
		set === "faults" ? group.flatMap(mustRefute) : [],
		progress,
		set,
	);
	const tested = results.filter(({ status }) => status !== "skipped");
	for (const { id, status, message } of tested)
		if (!holds(status)) progress.say(`${id} is ${status}: ${message}`);
	return judge(group, tested);
}

/** Changes the stack, and says by `revert` how each change is reverted. */
async function applyMutations(
	mutation: ReturnType<typeof combine>,
	{ environment, upgrade, changeAddon }: FreshEnvironment,
	kube: KubeClient,
	revert: (action: () => Promise<void>) => void,
	progress: Progress,
): Promise<void> {
	const { namespace, slackWebhookUrl, canary } = environment;
	const { objects, values } = await makeMutated(mutation, {
		namespace,
		slackWebhookUrl,
		canary,
		readSecret: async (name, key) =>
			(await readSecretKey(kube, namespace, { name, key })).toString(),
	});
	revert(() => kube.delete(objects));
	await kube.apply(objects);
	for (const addon of mutation.addons)
		await progress.phase(`addon ${addon.name} changed`, async () => {
			const change = (text: string) => changeManifests(addon, text);
			revert(await changeAddon(addon.name, change));
		});
	await progress.phase("helm upgrade", () => upgrade(stringify(values)));
	await progress.phase("configuration loaded", () =>
		waitUntilSettled(kube, namespace),
	);
}

function mustRefute({ claim, alsoRefutes }: Mutation): string[] {
	return [claim, ...alsoRefutes];
}

/** e.g. `missing-bucket-and-3-more` */
function folderOf([first, ...others]: readonly Mutation[]): string {
	return `${first?.id}${others.length > 0 ? `-and-${others.length}-more` : ""}`;
}
