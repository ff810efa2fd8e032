import { join } from "node:path";
import Table from "cli-table3";
import { stringify } from "yaml";
import { z } from "zod";
import { kubeObject } from "../e2e/clients/kube-objects.ts";
import { KubeClient } from "../e2e/clients/kubernetes.ts";
import { chooseByName } from "../e2e/harness/choose.ts";
import { testClaims, whyNotHere } from "../e2e/harness/claims.ts";
import { runCommand } from "../e2e/harness/command.ts";
import { exitCodes } from "../e2e/harness/errors.ts";
import { materialOptions } from "../e2e/harness/materials.ts";
import {
	makeCommand,
	parseArguments,
	type RawSetUpOptions,
	readSetUpOptions,
	withSetUpOptions,
} from "../e2e/harness/options.ts";
import { projectPath } from "../e2e/harness/paths.ts";
import { Progress } from "../e2e/harness/progress.ts";
import { beginReport } from "../e2e/harness/report.ts";
import { setUpWithEvidence } from "../e2e/harness/session.ts";
import type { FreshEnvironment } from "../e2e/harness/set-up.ts";
import { waitUntilSettled } from "../e2e/harness/settle.ts";
import { holds } from "../e2e/harness/summary.ts";
import { withRun } from "../e2e/harness/with-run.ts";
import { type Mutation, readMutations } from "../e2e/mutations/catalogue.ts";
import { judge } from "../e2e/mutations/judge.ts";
import { changeManifests, makeMutated } from "../e2e/mutations/make-mutated.ts";

const command = withSetUpOptions(
	makeCommand(
		"e2e:mutations",
		"Breaks the stack in each way of e2e/mutations/ and sees that the claim it breaks, and that claim alone, is refuted; those of a claim that cannot be tested here are told and left. Exit codes: 0 all others, 1 one was not, 2 set-up failed, 3 bad input, 130 interrupted.",
	),
).option(
	"--only <name>",
	"only the mutation of this id, or those of this claim; may be given several times",
	(name: string, names: string[]) => [...names, name],
	[],
);

const withData = kubeObject.extend({
	data: z.record(z.string(), z.string()).default({}),
});

await runCommand(async () => {
	const raw = parseArguments<RawSetUpOptions & { only: string[] }>(
		command,
		process.argv.slice(2),
	);
	if (!raw) return exitCodes.proven;
	const options = await readSetUpOptions(raw);
	const mutations = chooseByName(
		"mutations",
		await readMutations(),
		raw.only,
		({ id, claim }) => [id, claim],
	);
	const progress = new Progress();
	const reportDir = projectPath("e2e-report", "mutations");
	await beginReport(reportDir);
	const table = new Table({
		head: ["mutation", "must refute", "outcome", "time"],
		style: { head: [], border: [] },
		wordWrap: true,
		colWidths: [32, 20, 70, 9],
	});
	let missed = 0;
	let left = 0;
	await withRun(progress, async ({ engine, run }) => {
		const session = { materials: await materialOptions(options), reportDir };
		const started = await setUpWithEvidence(engine, run, session, progress);
		for (const [i, mutation] of mutations.entries()) {
			progress.say(`mutation ${i + 1} of ${mutations.length}: ${mutation.id}`);
			const began = Date.now();
			const why = whyNotHere(mutation.claim, started.environment);
			const flaw = why ? undefined : await tryOut(mutation, started, progress);
			if (why) left += 1;
			if (flaw) missed += 1;
			const seconds = ((Date.now() - began) / 1000).toFixed(0);
			const outcome = why
				? `not tried: ${why}`
				: (flaw ?? "its claim alone was refuted");
			progress.say(`mutation ${mutation.id}: ${outcome}`);
			table.push([mutation.id, mutation.claim, outcome, `${seconds} s`]);
		}
	});
	console.log(table.toString());
	console.log(
		`${mutations.length - missed - left} of ${mutations.length} as they must${left > 0 ? `, ${left} not tried` : ""}`,
	);
	return missed === 0 ? exitCodes.proven : exitCodes.refuted;
});

/** Puts a mutation in force, tests every claim, and takes it back; the next one's values replace its own. */
async function tryOut(
	mutation: Mutation,
	{ environment, upgrade, changeAddon }: FreshEnvironment,
	progress: Progress,
): Promise<string | undefined> {
	const { namespace, slackWebhookUrl, canary } = environment;
	const kube = KubeClient.fromKubeconfig(environment.kubeconfig);
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
	const restore: (() => Promise<void>)[] = [];
	try {
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
		const reportDir = join(environment.reportDir, mutation.id);
		const results = await testClaims(
			{ ...environment, reportDir },
			[],
			progress,
		);
		for (const { id, status, message } of results)
			if (!holds(status) && status !== "skipped")
				progress.say(`${id} is ${status}: ${message}`);
		const tested = results.filter(({ id }) => !whyNotHere(id, environment));
		return judge(mutation, tested);
	} finally {
		for (const each of restore) await each();
		await kube.delete(mutated.objects);
		await kube.close();
	}
}
