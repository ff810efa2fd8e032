import { checkOtherCheckout } from "../e2e/bench/other-checkout.ts";
import { runBench } from "../e2e/bench/run.ts";
import { measureScale } from "../e2e/bench/scale.ts";
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
import {
	readSetUpOptions,
	setUpOptions,
} from "../e2e/harness/set-up/options.ts";

export const benchCommand = defineCommand({
	name: "bench",
	description:
		"Times four nodes and a whole run against a single k3s server, alternately; or the claims with more to judge. Nothing is asserted.",
	exitCodes: { 0: "done", 2: "set-up failed" },
	options: {
		...setUpOptions,
		rounds: textOptionOr(
			"--rounds <n>",
			"how often each of them is timed, and with --scale how often the claims are tested at each scale",
			"3",
		),
		whole: flagOption("--no-whole", "leave out the whole runs"),
		against: textOption(
			"--against <dir>",
			"another checkout of this project: as many whole runs of it, in turn with those of this one",
		),
		scale: textOption(
			"--scale <n>",
			"instead: the claims in one cluster, then with n times the monitors, targets, rules, dashboards and alerts",
		),
		only: listOption("--only <claim>", "with --scale: test only this claim"),
		patience: patienceOption,
	},
	run: async (raw) => {
		const rounds = Number(raw.rounds);
		if (!Number.isInteger(rounds) || rounds < 1)
			throw new BadInputError(`--rounds ${raw.rounds}: must be 1 or more`);
		const scale = readScale(raw.scale);
		const { whole, only } = raw;
		if (scale === undefined) {
			if (only.length > 0)
				throw new BadInputError("--only is for --scale: a whole run is whole");
			if (raw.against && !whole)
				throw new BadInputError(
					"--against compares whole runs: without --no-whole",
				);
			const against =
				raw.against === undefined
					? undefined
					: await checkOtherCheckout(raw.against);
			const bench = { raw, rounds, whole, against };
			print(await runBench(bench, new Progress()));
			return exitCodes.proven;
		}
		if (raw.against !== undefined)
			throw new BadInputError(
				"--scale tests the claims of this checkout: without --against",
			);
		if (!whole)
			throw new BadInputError("--scale has no whole run: without --no-whole");
		await checkOnly(only);
		const setUp = await readSetUpOptions(raw);
		const scaled = { setUp, scale, rounds, only };
		print(await measureScale(scaled, new Progress()));
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
