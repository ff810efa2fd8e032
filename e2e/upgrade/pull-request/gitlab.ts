import { z } from "zod";
import type { ForgeComment, PullRequestForge } from "./forge.ts";
import type { ForgeApi } from "./forge-api.ts";

const user = z.looseObject({ username: z.string() });

const note = z.looseObject({
	id: z.number(),
	body: z.string(),
	author: user,
	/** Written by GitLab itself, such as "added 1 commit". */
	system: z.boolean(),
});

/**
 * A merge request on GitLab. Its comments are notes. The token of a job, CI_JOB_TOKEN, may not write them: it must be one of
 * the project or of a person, with the scope `api`.
 */
export class GitLabMergeRequest implements PullRequestForge {
	readonly #api: ForgeApi;
	readonly #notes: string;

	/** @param project its number @param iid the merge request's number in the project */
	constructor(api: ForgeApi, project: string, iid: string) {
		this.#api = api;
		this.#notes = `/projects/${encodeURIComponent(project)}/merge_requests/${encodeURIComponent(iid)}/notes`;
	}

	async whoAmI(): Promise<string> {
		return (await this.#api.get("/user", user)).username;
	}

	async comments(): Promise<ForgeComment[]> {
		const path = `${this.#notes}?per_page=100&sort=asc&order_by=created_at`;
		const found = await this.#api.list(path, note);
		return found
			.filter(({ system }) => !system)
			.map(({ id, body, author }) => ({
				id,
				body,
				author: author.username,
				isBot: false,
			}));
	}

	create(body: string): Promise<void> {
		return this.#api.send("POST", this.#notes, { body });
	}

	edit(id: number, body: string): Promise<void> {
		return this.#api.send("PUT", `${this.#notes}/${id}`, { body });
	}
}
