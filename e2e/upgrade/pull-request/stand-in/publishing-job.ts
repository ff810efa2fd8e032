import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import type { RepositorySummary } from "../../repository/summary-file.ts";
import { readCiJob } from "../ci-job.ts";
import { publishSummary } from "../publish.ts";
import type { GitHubStandIn } from "./github-stand-in.ts";

/** For tests: the release that these summaries are about. */
export const movedRelease = {
	title: "monitoring/stack (Flux)",
	place: "apps/stack.yaml:3",
	from: "78.5.0",
	to: "79.4.1",
};
const unsafe: RepositorySummary = {
	headline: "unsafe: monitoring/stack (Flux), 78.5.0 → 79.4.1",
	exitCode: 1,
	releases: [{ ...movedRelease, verdict: "unsafe" }],
	others: [],
};
const nothing: RepositorySummary = {
	headline: "Nothing differs in the releases of kube-prometheus-stack.",
	exitCode: 0,
	releases: [],
	others: [],
};

/** For tests: summaries of a pull request that moves one release. */
export const summaries = {
	unsafe,
	review: {
		...unsafe,
		headline: "review: monitoring/stack (Flux), 78.5.0 → 79.4.1",
		exitCode: 4,
		releases: [{ ...movedRelease, verdict: "review" }],
	},
	nothing,
	failed: {
		...nothing,
		headline: "no verdict: --base x: there is no such commit here",
		exitCode: 3,
	},
} as const satisfies Record<string, RepositorySummary>;

type Variables = Readonly<Record<string, string>>;

/** For tests: a job that publishes summaries, until the test is over. */
export class PublishingJob {
	/** What was printed. */
	readonly lines: string[] = [];
	readonly dir: string;

	private constructor(dir: string) {
		this.dir = dir;
	}

	static async start(): Promise<PublishingJob> {
		const dir = await mkdtemp(join(tmpdir(), "o11y-e2e-comment-"));
		const job = new PublishingJob(dir);
		const log = vi
			.spyOn(console, "log")
			.mockImplementation((line) => job.lines.push(line));
		onTestFinished(async () => {
			log.mockRestore();
			await rm(dir, { recursive: true, force: true });
		});
		return job;
	}

	/** The variables of a job of GitHub Actions for pull request 7. */
	async makeGitHubVariables(
		{ url, token, head }: Pick<GitHubStandIn, "url" | "token" | "head">,
		event: object = { pull_request: { number: 7, head: { sha: head } } },
	): Promise<Variables> {
		const path = join(this.dir, "event.json");
		await writeFile(path, JSON.stringify(event));
		return {
			GITHUB_ACTIONS: "true",
			GITHUB_API_URL: url,
			GITHUB_SERVER_URL: "https://github.example.org",
			GITHUB_REPOSITORY: "octo/home",
			GITHUB_RUN_ID: "123456",
			GITHUB_RUN_NUMBER: "8",
			GITHUB_EVENT_PATH: path,
			GITHUB_STEP_SUMMARY: join(this.dir, "job-summary.md"),
			GITHUB_TOKEN: token,
		};
	}

	async publish(
		summary: RepositorySummary,
		env: Variables,
		artifact?: string,
	): Promise<void> {
		const files = {
			"summary.json": JSON.stringify(summary),
			"summary.md": `### ${summary.headline}\n`,
		};
		for (const [name, text] of Object.entries(files))
			await writeFile(join(this.dir, name), text);
		await publishSummary(this.dir, artifact, await readCiJob(env));
	}

	readJobSummary(): Promise<string> {
		return readFile(join(this.dir, "job-summary.md"), "utf8");
	}
}
