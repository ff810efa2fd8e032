import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { BadInputError, exitCodes, reasonOf } from "../../common/errors.ts";
import { print } from "../../common/output/terminal.ts";
import {
	parseJsonAs,
	UnexpectedFormError,
} from "../../common/parsing/parse-as.ts";
import { cleanAll } from "../../common/secrecy/redact.ts";
import {
	describeVersions,
	type RepositorySummary,
	repositorySummary,
} from "../repository/summary-file.ts";
import { announce, type Level } from "./announce.ts";
import type { CiJob } from "./ci-job.ts";
import { ForgeError, isRefused } from "./forge-api.ts";
import type { CheckRun } from "./github.ts";
import { keepComment } from "./sticky-comment.ts";

/** A repository's summary, as `npm run upgrade -- --repo` has written it. */
interface WrittenSummary {
	readonly summary: RepositorySummary;
	readonly markdown: string;
}

/**
 * Brings the verdict to where the pull request is: into the job's summary, the annotations, one comment, and where the token
 * permits it a check of its own. That something may not be written, or the forge does not answer, is announced and changes
 * no verdict.
 *
 * @param dir the report of `npm run upgrade -- --repo`
 * @param artifact where the whole report can be opened, if it was uploaded
 * @throws BadInputError if there is no such report
 */
export async function publishSummary(
	dir: string,
	artifact: string | undefined,
	job: CiJob,
): Promise<void> {
	const written = await readWritten(dir);
	const { hasWorkflowCommands, jobSummary, log } = job;
	const say = (level: Level, text: string) =>
		announce(level, text, { asCommand: hasWorkflowCommands });
	if (jobSummary) await appendFile(jobSummary, written.markdown);
	announceVerdict(written.summary, hasWorkflowCommands);
	const { pullRequest } = job;
	if (!pullRequest) return;
	const { access, commit } = pullRequest;
	// Where nothing differs nobody has to be told that nothing was written.
	const isNews = written.summary.releases.length > 0;
	if (!access) {
		if (isNews)
			say(
				"notice",
				"No token is given: the pull request gets no comment, and the verdict is in the job's log and summary.",
			);
		return;
	}
	const links = [artifact && `[report](${artifact})`, `[log](${log})`];
	const footer = `${commit.slice(0, 8)} · ${links.filter(Boolean).join(" · ")}`;
	const text = `${written.markdown}\n${footer}\n`;
	await attempt("the comment", say, async () => {
		const fate = await keepComment(access.forge, text, isNews);
		print(`the comment on the pull request: ${fate}`);
	});
	const { github } = access;
	if (!github) return;
	// Also where nothing differs: a check that is required must be there on every pull request.
	await attempt("the check", say, async () => {
		const isSet = await github.setCheck(makeCheck(written, commit, log));
		print(
			isSet
				? "the check: set"
				: "the check: the token has no permission checks: write, so it is the job's own, green for safe and review, red otherwise",
		);
	});
}

async function readWritten(dir: string): Promise<WrittenSummary> {
	const read = async (name: string) => {
		try {
			return await readFile(join(dir, name), "utf8");
		} catch (cause) {
			throw new BadInputError(
				`--report ${dir}: ${name} cannot be read (${reasonOf(cause)}); npm run upgrade -- --repo writes it`,
				{ cause },
			);
		}
	};
	const text = await read("summary.json");
	try {
		const summary = parseJsonAs(repositorySummary, text, "summary.json");
		return cleanAll({ summary, markdown: await read("summary.md") });
	} catch (cause) {
		if (!(cause instanceof UnexpectedFormError)) throw cause;
		throw new BadInputError(`--report ${dir}: ${cause.message}`, { cause });
	}
}

function announceVerdict(
	{ releases, headline, exitCode }: RepositorySummary,
	asCommand: boolean,
): void {
	if (releases.length === 0 && exitCode === exitCodes.proven) print(headline);
	else if (releases.length === 0) announce("error", headline, { asCommand });
	for (const { title, verdict, place, sentence, ...versions } of releases) {
		const [, file, line] = /^(.*):(\d+)$/.exec(place) ?? [];
		announce(
			verdictLevels[verdict],
			`${verdict}: ${title}, ${describeVersions(versions)}${sentence ? `: ${sentence}` : ""}`,
			{ asCommand, place: file && line ? { file, line } : undefined },
		);
	}
}

const verdictLevels: Readonly<
	Record<RepositorySummary["releases"][number]["verdict"], Level>
> = {
	safe: "notice",
	added: "notice",
	review: "warning",
	removed: "warning",
	unsafe: "error",
	inconclusive: "error",
	unreadable: "error",
};

function makeCheck(
	{ summary, markdown }: WrittenSummary,
	commit: string,
	address: string,
): CheckRun {
	const conclusions: Readonly<Record<number, CheckRun["conclusion"]>> = {
		[exitCodes.proven]: "success",
		[exitCodes.review]: "neutral",
	};
	return {
		conclusion: conclusions[summary.exitCode] ?? "failure",
		title: summary.headline,
		summary: markdown,
		commit,
		address,
	};
}

async function attempt(
	what: string,
	say: (level: Level, text: string) => void,
	action: () => Promise<void>,
): Promise<void> {
	try {
		await action();
	} catch (error) {
		if (!(error instanceof ForgeError || error instanceof UnexpectedFormError))
			throw error;
		if (isRefused(error, 403))
			say(
				"notice",
				`The token may not write ${what}, as for a pull request from a fork: the verdict is in the job's log and summary (${error.message}).`,
			);
		else
			say(
				"warning",
				`Writing ${what} failed, and the verdict stands: ${error.message}`,
			);
	}
}
