import { resolve } from "node:path";
import { BadInputError, exitCodes, HarnessError } from "../../common/errors.ts";
import { print } from "../../common/output/terminal.ts";
import { Progress } from "../../common/progress.ts";
import type { RawUpgradeOptions } from "../options.ts";
import { renderText } from "../report/text.ts";
import { readOnly, readTrialOptions, type TrialOptions } from "../trial.ts";
import { answerRepository } from "./answer.ts";
import { compareRevisions, listReleases } from "./compare-revisions.ts";
import { renderList } from "./describe.ts";
import { describeNamedTool } from "./named-tool.ts";
import {
	beginSummary,
	describeAnswer,
	exitCodeOf,
	renderAnswers,
	writeFailure,
} from "./summary.ts";

/** Options that name what the repository says. */
const instead = [
	["--from", "from"],
	["--to", "to"],
	["--from-release", "fromRelease"],
	["--context", "context"],
	["--namespace", "namespace"],
	["--from-values", "fromValues"],
	["--to-values", "toValues"],
] as const;

/** `npm run upgrade -- --repo`. @returns the exit code @throws BadInputError */
export async function answerFromRepository(
	folder: string,
	raw: RawUpgradeOptions,
): Promise<number> {
	const [rival] = instead.find(([, key]) => (raw[key] ?? []).length > 0) ?? [];
	if (rival)
		throw new BadInputError(
			`${rival} does not go with --repo: charts and values are those of the repository`,
		);
	if (raw.history !== undefined)
		throw new BadInputError(
			"--history does not go with --repo: its upgrades would be of several releases",
		);
	if (raw.list) {
		const { revision, releases } = await listReleases(folder, raw.head);
		print(renderList(revision.name, releases));
		return exitCodes.proven;
	}
	const trial = await readTrialOptions(raw);
	const dir = resolve(trial.report);
	const reserved = await beginSummary(dir);
	try {
		return await compareAndAnswer(folder, raw, trial);
	} catch (error) {
		// Whoever reads the report must not find the answer of an earlier run there.
		if (error instanceof HarnessError) await writeFailure(dir, error);
		throw error;
	} finally {
		reserved.release();
	}
}

async function compareAndAnswer(
	folder: string,
	raw: RawUpgradeOptions,
	trial: TrialOptions,
): Promise<number> {
	const difference = await compareRevisions(folder, raw);
	const line = describeNamedTool(trial.with, difference.stacks);
	if (line !== undefined) print(line);
	const answer = await answerRepository(
		{ ...trial, only: difference.stacks.length > 0 ? await readOnly(raw) : [] },
		raw.repository,
		difference,
		new Progress(),
	);
	if (answer.answers.length === 0) print(describeAnswer(answer));
	else {
		for (const { report, title } of answer.answers)
			if (report)
				print(`\n${title}\n${renderText(report, process.stdout.columns)}`);
		print(`\n${renderAnswers(answer, process.cwd())}`);
	}
	return exitCodeOf(answer);
}
