import { chooseByName } from "../e2e/common/choose.ts";
import { defineCommand } from "../e2e/common/command.ts";
import {
	flagOption,
	listOption,
	patienceOption,
} from "../e2e/common/command-options.ts";
import { exitCodes } from "../e2e/common/errors.ts";
import { projectPath } from "../e2e/common/paths.ts";
import { Progress } from "../e2e/common/progress.ts";
import { beginReport } from "../e2e/harness/report/report.ts";
import {
	readSetUpOptions,
	setUpOptions,
} from "../e2e/harness/set-up/options.ts";
import { readMutations } from "../e2e/mutations/catalogue.ts";
import { runMutations } from "../e2e/mutations/run.ts";

export const mutationsCommand = defineCommand({
	name: "e2e:mutations",
	description:
		"Breaks the stack in each way of e2e/mutations/ and checks that exactly the claim that it breaks is refuted. A mutation whose claim cannot be tested here is reported and skipped.",
	exitCodes: { 0: "all as expected", 1: "one was not", 2: "set-up failed" },
	options: {
		...setUpOptions,
		only: listOption(
			"--only <name>",
			"only the mutation with this id, or those of this claim",
		),
		faults: flagOption(
			"--faults",
			"the mutations of e2e/mutations/faults/, each tried only with the fault that it must refute",
		),
		together: flagOption(
			"--together",
			"apply mutations of different claims, components and addons at once, which takes a third of the time; if a group does not refute exactly its claims, each of its mutations is tried alone. In a group, a claim may be refuted by another mutation: read the messages",
		),
		patience: patienceOption,
	},
	run: async (raw) => {
		const { only, faults, together } = raw;
		const setUp = await readSetUpOptions(raw);
		const set = faults ? "faults" : "claims";
		const mutations = chooseByName(
			"mutations",
			await readMutations(set),
			only,
			({ id, claim }) => [id, claim],
		);
		const reportDir = projectPath(
			"e2e-report",
			...(faults ? ["faults", "mutations"] : ["mutations"]),
		);
		await beginReport(reportDir);
		const passed = await runMutations(
			{ setUp, set, mutations, together, reportDir },
			new Progress(),
		);
		return passed ? exitCodes.proven : exitCodes.refuted;
	},
});

if (import.meta.main) await mutationsCommand.main();
