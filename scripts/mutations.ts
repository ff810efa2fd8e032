import { resolve } from "node:path";
import { defineCommand } from "../e2e/common/command.ts";
import {
	flagOption,
	listOption,
	patienceOption,
	textOption,
	textOptionOr,
} from "../e2e/common/command-options.ts";
import { BadInputError, exitCodes } from "../e2e/common/errors.ts";
import { projectPath } from "../e2e/common/paths.ts";
import { Progress } from "../e2e/common/progress.ts";
import { emptyReportFolder } from "../e2e/harness/report/begin.ts";
import {
	readSetUpOptions,
	setUpOptions,
} from "../e2e/harness/set-up/options.ts";
import { readCommit } from "../e2e/mutations/commit.ts";
import { runMutations } from "../e2e/mutations/run.ts";
import { chooseSample } from "../e2e/mutations/sample.ts";
import { readSelection } from "../e2e/mutations/selection.ts";
import type { Shard } from "../e2e/mutations/trial.ts";
import { verdictsFile } from "../e2e/mutations/verdicts.ts";

export const mutationsCommand = defineCommand({
	name: "e2e:mutations",
	description:
		"Breaks the stack in each way of e2e/mutations/ and checks that exactly the claim that it breaks is refuted; and installs it with each of the healthy variations in e2e/mutations/healthy/, which every claim must prove. A mutation whose claim cannot be tested here is reported and skipped.",
	exitCodes: {
		0: "all as expected",
		1: "one was not",
		2: "set-up failed, or nothing could be tried",
	},
	options: {
		...setUpOptions,
		only: listOption(
			"--only <name>",
			"only this mutation or healthy variation, or the mutations of this claim or fault",
		),
		faults: flagOption(
			"--faults",
			"only the mutations of e2e/mutations/faults/, each tried with the fault that it must refute",
		),
		healthy: flagOption("--healthy", "only the healthy variations"),
		all: flagOption(
			"--all",
			"mutations of claims, mutations of faults and healthy variations; implies --together",
		),
		sample: textOption(
			"--sample <n>",
			"only n of all, chosen by the hash of the commit; implies --together",
		),
		together: flagOption(
			"--together",
			"apply up to eight mutations at once, at most two of one claim, which takes a sixth of the time; what is not as expected in a group is tried alone. In a group, a claim may be refuted by another mutation: read the messages",
		),
		clusters: textOptionOr(
			"--clusters <n>",
			"how many clusters work at the same time, some 4 GB of memory each",
			"1",
		),
		shard: textOptionOr(
			"--shard <i/n>",
			"only the i-th of n parts, for several machines or nights: 1/3, 2/3 and 3/3 are the whole",
			"1/1",
		),
		patience: patienceOption,
		report: textOption(
			"--report <dir>",
			"where the reports go (default: e2e-report/mutations)",
		),
	},
	run: async (raw) => {
		const { only, faults, healthy, all } = raw;
		const clusters = readCount("--clusters", raw.clusters);
		const shard = readShard(raw.shard);
		const size = raw.sample ? readCount("--sample", raw.sample) : undefined;
		if ((all || size !== undefined) && (faults || healthy))
			throw new BadInputError(
				"--faults and --healthy choose a part: they do not go with --all or --sample",
			);
		const setUp = await readSetUpOptions(raw);
		const progress = new Progress();
		let selection = await readSelection(
			{ faults, healthy, all: all || size !== undefined },
			only,
		);
		if (size !== undefined) {
			const commit = await readCommit();
			progress.say(`a sample of ${size}, chosen by ${commit}`);
			selection = chooseSample(selection, size, commit);
		}
		const usual = projectPath("e2e-report", "mutations");
		const reportDir = resolve(raw.report || usual);
		await emptyReportFolder(reportDir, [verdictsFile, "evidence"]);
		const together = raw.together || all || size !== undefined;
		const verdicts = await runMutations(
			{ setUp, selection, together, clusters, shard, reportDir },
			progress,
		);
		if (!verdicts.any) return exitCodes.setUpFailed;
		return verdicts.allRight ? exitCodes.proven : exitCodes.refuted;
	},
});

/** @throws BadInputError */
function readCount(flag: string, text: string): number {
	if (!/^[1-9]\d{0,2}$/.test(text))
		throw new BadInputError(`${flag} ${text}: must be a number from 1 to 999`);
	return Number(text);
}

/** @throws BadInputError */
function readShard(text: string): Shard {
	const [index = 0, count = 0] = text.split("/").map(Number);
	if (!/^\d{1,3}\/\d{1,3}$/.test(text) || index < 1 || index > count)
		throw new BadInputError(
			`--shard ${text}: must be a part of a whole, such as 1/3`,
		);
	return { index, count };
}

if (import.meta.main) await mutationsCommand.main();
