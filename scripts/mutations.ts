import { join } from "node:path";
import Table from "cli-table3";
import { stringify } from "yaml";
import { z } from "zod";
import { kubeObject } from "../e2e/clients/kube-objects.ts";
import { KubeClient } from "../e2e/clients/kubernetes.ts";
import { chooseByName } from "../e2e/common/choose.ts";
import { runCommand } from "../e2e/common/command.ts";
import { exitCodes, messageOf } from "../e2e/common/errors.ts";
import { projectPath } from "../e2e/common/paths.ts";
import { Progress } from "../e2e/common/progress.ts";
import {
	type ClaimSet,
	explainMissing,
	findMissing,
	readClaims,
} from "../e2e/harness/claims/catalogue.ts";
import { testClaims } from "../e2e/harness/claims/claims.ts";
import { holds } from "../e2e/harness/claims/summary.ts";
import { waitUntilSettled } from "../e2e/harness/readiness/settle.ts";
import { beginReport } from "../e2e/harness/report/report.ts";
import { withRun } from "../e2e/harness/run/with-run.ts";
import { materialOptions } from "../e2e/harness/set-up/materials.ts";
import {
	makeCommand,
	parseArguments,
	type RawSetUpOptions,
	readSetUpOptions,
	withSetUpOptions,
} from "../e2e/harness/set-up/options.ts";
import { setUpWithEvidence } from "../e2e/harness/set-up/session.ts";
import type { FreshEnvironment } from "../e2e/harness/set-up/set-up.ts";
import { type Mutation, readMutations } from "../e2e/mutations/catalogue.ts";
import { judge } from "../e2e/mutations/judge.ts";
import { changeManifests, makeMutated } from "../e2e/mutations/make-mutated.ts";
import { combine, packTogether } from "../e2e/mutations/together.ts";

const command = withSetUpOptions(
	makeCommand(
		"e2e:mutations",
		"Breaks the stack in each way of e2e/mutations/ and sees that the claim it breaks, and that claim alone, is refuted; those of a claim that cannot be tested here are told and left. Exit codes: 0 all others, 1 one was not, 2 set-up failed, 3 bad input, 130 interrupted.",
	),
)
	.option(
		"--only <name>",
		"only the mutation of this id, or those of this claim; may be given several times",
		(name: string, names: string[]) => [...names, name],
		[],
	)
	.option(
		"--faults",
		"the mutations of e2e/mutations/faults/, each tried with the fault that it must refute instead of with all",
		false,
	)
	.option(
		"--together",
		"put mutations of different claims, components and addons in force at once, which takes a third of the time; where a group does not do as it must, each of it is tried alone. In a group a claim may be refuted by another one's mutation: read why it was",
		false,
	);

const withData = kubeObject.extend({
	data: z.record(z.string(), z.string()).default({}),
});

await runCommand(async () => {
	const raw = parseArguments<
		RawSetUpOptions & { only: string[]; faults: boolean; together: boolean }
	>(command, process.argv.slice(2));
	if (!raw) return exitCodes.proven;
	const options = await readSetUpOptions(raw);
	const set = raw.faults ? "faults" : "claims";
	const mutations = chooseByName(
		"mutations",
		await readMutations(set),
		raw.only,
		({ id, claim }) => [id, claim],
	);
	const progress = new Progress();
	const reportDir = projectPath(
		"e2e-report",
		...(raw.faults ? ["faults", "mutations"] : ["mutations"]),
	);
	await beginReport(reportDir);
	const table = new Table({
		head: ["mutation", "must refute", "outcome", "time"],
		style: { head: [], border: [] },
		wordWrap: true,
		colWidths: [32, 20, 70, 9],
	});
	let missed = 0;
	let left = 0;
	const trials = withRun(progress, async ({ engine, run }) => {
		const session = { materials: await materialOptions(options), reportDir };
		const started = await setUpWithEvidence(engine, run, session, progress);
		const note = (group: Mutation[], outcome: string, began: number) => {
			const time = `${((Date.now() - began) / 1000).toFixed(0)} s`;
			for (const { id, claim } of group) {
				progress.say(`mutation ${id}: ${outcome}`);
				table.push([id, claim, outcome, time]);
			}
		};
		const claims = await readClaims(set);
		const possible = mutations.filter((mutation) => {
			const claim = claims.find(({ id }) => id === mutation.claim);
			const missing = claim ? findMissing(claim, started.environment) : [];
			if (missing.length === 0) return true;
			left += 1;
			note([mutation], `not tried: ${explainMissing(missing)}`, Date.now());
			return false;
		});
		const queue = raw.together
			? packTogether(possible)
			: possible.map((each) => [each]);
		for (const group of queue) {
			progress.say(
				`mutation ${describe(group)}; after it ${queue.length - queue.indexOf(group) - 1} more`,
			);
			const began = Date.now();
			const flaw = await tryOut(group, set, started, progress);
			if (flaw && group.length > 1) {
				progress.say(`${flaw}: each is tried alone`);
				queue.push(...group.map((each) => [each]));
				continue;
			}
			if (flaw) missed += 1;
			const alone =
				group.length > 1
					? `its claim was refuted in a group with ${group.length - 1} more`
					: "its claim alone was refuted";
			note(group, flaw ?? alone, began);
		}
	});
	// What was seen before an interruption stays true.
	await trials.finally(() => console.log(table.toString()));
	console.log(
		`${mutations.length - missed - left} of ${mutations.length} as they must${left > 0 ? `, ${left} not tried` : ""}`,
	);
	return missed === 0 ? exitCodes.proven : exitCodes.refuted;
});

function describe(group: readonly Mutation[]): string {
	return group.map(({ id }) => id).join(" + ");
}

/**
 * Puts mutations in force, tests every claim, or the faults that they must refute, and takes them back; the next ones'
 * values replace their own.
 */
async function tryOut(
	group: readonly Mutation[],
	set: ClaimSet,
	{ environment, upgrade, changeAddon }: FreshEnvironment,
	progress: Progress,
): Promise<string | undefined> {
	const { namespace, slackWebhookUrl, canary } = environment;
	const kube = KubeClient.fromKubeconfig(environment.kubeconfig);
	const restore: (() => Promise<void>)[] = [];
	try {
		const mutation = combine(group);
		const mutated = await makeMutated(mutation, {
			namespace,
			slackWebhookUrl,
			canary,
			readSecret: async (name, key) => {
				const ref = { apiVersion: "v1", kind: "Secret", namespace, name };
				const { data } = await kube.get(ref, withData);
				return Buffer.from(data[key] ?? "", "base64").toString();
			},
		});
		restore.push(() => kube.delete(mutated.objects));
		await kube.apply(mutated.objects);
		for (const addon of mutation.addons)
			await progress.phase(`addon ${addon.name} changed`, async () => {
				const change = (text: string) => changeManifests(addon, text);
				restore.push(await changeAddon(addon.name, change));
			});
		await progress.phase("helm upgrade", () =>
			upgrade(stringify(mutated.values)),
		);
		await progress.phase("configuration loaded", () =>
			waitUntilSettled(kube, namespace),
		);
		const [first, ...others] = group.map(({ id }) => id);
		const folder = [first, others.length > 0 && `and-${others.length}-more`];
		const reportDir = join(
			environment.reportDir,
			folder.filter(Boolean).join("-"),
		);
		// A fault takes minutes, and all of them a quarter of an hour and more.
		const only =
			set === "faults"
				? group.flatMap(({ claim, alsoRefutes }) => [claim, ...alsoRefutes])
				: [];
		const results = await testClaims(
			{ ...environment, reportDir },
			only,
			progress,
			set,
		);
		for (const { id, status, message } of results)
			if (!holds(status) && status !== "skipped")
				progress.say(`${id} is ${status}: ${message}`);
		const tested = results.filter(({ status }) => status !== "skipped");
		return judge(group, tested);
	} finally {
		const restored = await Promise.allSettled(restore.map((each) => each()));
		await kube.close();
		for (const each of restored)
			if (each.status === "rejected")
				progress.say(`not taken back: ${messageOf(each.reason)}`);
	}
}
