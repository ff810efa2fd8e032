import { BadInputError, exitCodes } from "../../common/errors.ts";
import { print } from "../../common/output/terminal.ts";
import { Progress } from "../../common/progress.ts";
import type { RawUpgradeOptions } from "../options.ts";
import { renderText } from "../report/text.ts";
import { readOnly, readTrialOptions } from "../trial.ts";
import { answerRepository } from "./answer.ts";
import { compareRevisions, listReleases } from "./compare-revisions.ts";
import { renderList } from "./describe.ts";
import { describeNamedTool } from "./named-tool.ts";
import { exitCodeOf, renderAnswers } from "./summary.ts";

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
	if (raw.list) {
		const { revision, releases } = await listReleases(folder, raw.head);
		print(renderList(revision.name, releases));
		return exitCodes.proven;
	}
	const trial = await readTrialOptions(raw);
	const difference = await compareRevisions(folder, raw);
	const { stacks, others, revisions } = difference;
	if (stacks.length === 0) {
		const more =
			others.length > 0
				? ` (${others.length} of other charts differ, and are not looked at)`
				: "";
		print(
			`Nothing differs in the releases of kube-prometheus-stack between ${revisions.base.name} and ${revisions.head.name}${more}.`,
		);
		return exitCodes.proven;
	}
	const line = describeNamedTool(trial.with, stacks);
	if (line !== undefined) print(line);
	const answer = await answerRepository(
		{ ...trial, only: await readOnly(raw) },
		raw.repository,
		difference,
		new Progress(),
	);
	for (const { report, title } of answer.answers)
		if (report)
			print(`\n${title}\n${renderText(report, process.stdout.columns)}`);
	print(`\n${renderAnswers(answer, process.cwd())}`);
	return exitCodeOf(answer);
}
