import { z } from "zod";
import type { ForgeComment, PullRequestForge } from "./forge.ts";
import { type ForgeApi, isRefused } from "./forge-api.ts";

const user = z.looseObject({
	login: z.string(),
	/** Gitea and Forgejo have none. */
	type: z.string().optional(),
});

const comment = z.looseObject({
	id: z.number(),
	body: z.string().nullable(),
	/** Null if the account was deleted. */
	user: user.nullable(),
});

/** What a job of Gitea or Forgejo Actions writes as. */
const jobUsers = ["gitea-actions", "forgejo-actions"];

/** The check's name on the pull request. */
const checkName = "kube-prometheus-stack upgrade";

/** What a check run says of the verdict. */
export interface CheckRun {
	readonly conclusion: "success" | "neutral" | "failure";
	/** The commit that the check is about, the pull request's own and not that of its trial merge. */
	readonly commit: string;
	/** One line. */
	readonly title: string;
	/** Markdown, at most 65,535 characters. */
	readonly summary: string;
	/** Where the log is. */
	readonly address: string;
}

/** A pull request on GitHub, or on Gitea or Forgejo, which have the same paths for comments below /api/v1. */
export class GitHubPullRequest implements PullRequestForge {
	readonly #api: ForgeApi;
	readonly #repository: string;
	readonly #number: number;
	readonly #isGitHub: boolean;

	/** @param repository `<owner>/<name>` */
	constructor(
		api: ForgeApi,
		repository: string,
		number: number,
		isGitHub: boolean,
	) {
		this.#api = api;
		this.#repository = `/repos/${repository}`;
		this.#number = number;
		this.#isGitHub = isGitHub;
	}

	async whoAmI(): Promise<string | undefined> {
		try {
			return (await this.#api.get("/user", user)).login;
		} catch (error) {
			// The token of a job answers 403, "Resource not accessible by integration".
			if (isRefused(error, 403, 404)) return undefined;
			throw error;
		}
	}

	async comments(): Promise<ForgeComment[]> {
		const path = `${this.#repository}/issues/${this.#number}/comments?per_page=100`;
		const found = await this.#api.list(path, comment);
		return found.map(({ id, body, user: author }) => ({
			id,
			body: body ?? "",
			author: author?.login ?? "",
			isBot: this.#isGitHub
				? author?.type === "Bot"
				: jobUsers.includes(author?.login ?? ""),
		}));
	}

	create(body: string): Promise<void> {
		const path = `${this.#repository}/issues/${this.#number}/comments`;
		return this.#api.send("POST", path, { body });
	}

	edit(id: number, body: string): Promise<void> {
		const path = `${this.#repository}/issues/comments/${id}`;
		return this.#api.send("PATCH", path, { body });
	}

	/**
	 * Sets a check of its own, which unlike a job's may be neutral. That needs `checks: write` and an app's token, such as
	 * the job's.
	 *
	 * @returns whether the token may do that
	 */
	async setCheck(check: CheckRun): Promise<boolean> {
		try {
			await this.#api.send("POST", `${this.#repository}/check-runs`, {
				name: checkName,
				head_sha: check.commit,
				status: "completed",
				conclusion: check.conclusion,
				details_url: check.address,
				output: { title: check.title, summary: check.summary },
			});
			return true;
		} catch (error) {
			if (isRefused(error, 403, 404)) return false;
			throw error;
		}
	}
}
