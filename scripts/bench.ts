import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { runBench } from "../e2e/bench/run.ts";
import { defineCommand } from "../e2e/common/command.ts";
import {
	flagOption,
	listOption,
	patienceOption,
	textOption,
	textOptionOr,
} from "../e2e/common/command-options.ts";
import { BadInputError, exitCodes } from "../e2e/common/errors.ts";
import { print } from "../e2e/common/output/terminal.ts";
import { Progress } from "../e2e/common/progress.ts";
import { checkOnly } from "../e2e/harness/claims/catalogue.ts";
import { setUpOptions } from "../e2e/harness/set-up/options.ts";

export const benchCommand = defineCommand({
	name: "bench",
	description:
		"Times four nodes against a single k3s server, alternately, and then a whole run, or the claims with more to judge. Nothing is asserted.",
	exitCodes: { 0: "done", 2: "set-up failed" },
	options: {
		...setUpOptions,
		rounds: textOptionOr(
			"--rounds <n>",
			"how often each cluster is started, and with --scale how often the claims are tested",
			"3",
		),
		whole: flagOption("--no-whole", "leave out the whole run"),
		against: textOption(
			"--against <dir>",
			"another checkout of this project, with its node_modules: as many whole runs of both, in turn",
		),
		scale: textOption(
			"--scale <n>",
			"instead of the whole run: the claims in one cluster, then with n times the monitors, targets, rules, dashboards and alerts",
		),
		only: listOption("--only <claim>", "with --scale: test only this claim"),
		patience: patienceOption,
	},
	run: async (raw) => {
		const rounds = Number(raw.rounds);
		if (!Number.isInteger(rounds) || rounds < 1)
			throw new BadInputError(`--rounds ${raw.rounds}: must be 1 or more`);
		const scale = readScale(raw.scale);
		if (scale !== undefined && raw.against)
			throw new BadInputError(
				"--scale tests the claims of this checkout: without --against",
			);
		if (scale === undefined && raw.only.length > 0)
			throw new BadInputError("--only is for --scale: a whole run is whole");
		await checkOnly(raw.only);
		const { whole, only } = raw;
		const against = raw.against && resolve(raw.against);
		if (against && !existsSync(join(against, "scripts", "e2e.ts")))
			throw new BadInputError(
				`--against ${raw.against}: there is no checkout of this project`,
			);
		if (against && !existsSync(join(against, "node_modules")))
			throw new BadInputError(
				`--against ${raw.against}: it has no node_modules; run npm ci there`,
			);
		if (against && !whole)
			throw new BadInputError(
				"--against compares whole runs: without --no-whole",
			);
		const bench = { raw, rounds, whole, against, scale, only };
		print(await runBench(bench, new Progress()));
		return exitCodes.proven;
	},
});

/** Each time more is a pod more on one node, which has room for some more than these. */
const mostScale = 50;

/** @throws BadInputError */
function readScale(text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	const scale = Number(text);
	if (!Number.isInteger(scale) || scale < 2 || scale > mostScale)
		throw new BadInputError(
			`--scale ${text}: must be a number from 2 to ${mostScale}`,
		);
	return scale;
}

if (import.meta.main) await benchCommand.main();
