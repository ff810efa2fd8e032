import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { runBench } from "../e2e/bench/run.ts";
import { defineCommand } from "../e2e/common/command.ts";
import {
	flagOption,
	patienceOption,
	textOption,
	textOptionOr,
} from "../e2e/common/command-options.ts";
import { BadInputError, exitCodes } from "../e2e/common/errors.ts";
import { print } from "../e2e/common/output/terminal.ts";
import { Progress } from "../e2e/common/progress.ts";
import { setUpOptions } from "../e2e/harness/set-up/options.ts";

export const benchCommand = defineCommand({
	name: "bench",
	description:
		"Times four nodes against a single k3s server, alternately, and then a whole run. Nothing is asserted.",
	exitCodes: { 0: "done", 2: "set-up failed" },
	options: {
		...setUpOptions,
		rounds: textOptionOr(
			"--rounds <n>",
			"how often each cluster is started",
			"3",
		),
		whole: flagOption("--no-whole", "leave out the whole run"),
		against: textOption(
			"--against <dir>",
			"another checkout of this project, with its node_modules: as many whole runs of both, in turn",
		),
		patience: patienceOption,
	},
	run: async (raw) => {
		const rounds = Number(raw.rounds);
		if (!Number.isInteger(rounds) || rounds < 1)
			throw new BadInputError(`--rounds ${raw.rounds}: must be 1 or more`);
		const { whole } = raw;
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
		print(await runBench({ raw, rounds, whole, against }, new Progress()));
		return exitCodes.proven;
	},
});

if (import.meta.main) await benchCommand.main();
