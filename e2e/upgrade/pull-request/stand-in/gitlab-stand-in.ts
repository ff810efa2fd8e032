import { z } from "zod";
import {
	type AskedRequest,
	type JsonReply,
	type JsonServer,
	serveJson,
} from "./serve-json.ts";

interface Note {
	id: number;
	body: string;
	author: { username: string };
	system: boolean;
}

const noteInput = z.object({ body: z.string() });

/** For tests: the notes of merge request 7 in project 42 of a GitLab, with the token of the project's bot. */
export class GitLabStandIn implements AsyncDisposable {
	readonly token = "glpat-stand-in-token";
	readonly notes: Note[] = [];
	#server: JsonServer | undefined;

	static async start(): Promise<GitLabStandIn> {
		const standIn = new GitLabStandIn();
		standIn.#server = await serveJson((asked) => standIn.#answer(asked));
		return standIn;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#server?.[Symbol.asyncDispose]();
	}

	/** As CI_API_V4_URL. */
	get url(): string {
		return `${this.#server?.origin}/api/v4`;
	}

	addNote(username: string, body: string, system = false): Note {
		const note = {
			id: this.notes.length + 1,
			body,
			author: { username },
			system,
		};
		this.notes.push(note);
		return note;
	}

	#answer({ request: whole, query, headers, text }: AskedRequest): JsonReply {
		const request = whole.replace(" /api/v4", " ");
		if (headers["private-token"] !== this.token)
			return { status: 401, body: { message: "401 Unauthorized" } };
		const bot = "project_42_bot_1f";
		if (request === "GET /user")
			return { status: 200, body: { username: bot, bot: true } };
		const notes = "/projects/42/merge_requests/7/notes";
		if (request === `GET ${notes}`) return this.#list(query);
		const { data } = noteInput.safeParse(text && JSON.parse(text));
		if (data && request === `POST ${notes}`)
			return { status: 201, body: this.addNote(bot, data.body) };
		const id = Number(new RegExp(`^PUT ${notes}/(\\d+)$`).exec(request)?.[1]);
		const note = this.notes.find((each) => each.id === id);
		if (!data || !note)
			return { status: 404, body: { message: "404 Not found" } };
		// Only its author may edit a note, unless the token is a maintainer's.
		if (note.author.username !== bot)
			return { status: 403, body: { message: "403 Forbidden" } };
		note.body = data.body;
		return { status: 200, body: note };
	}

	#list(query: URLSearchParams): JsonReply {
		const size = Math.min(100, Number(query.get("per_page") ?? 20));
		const page = Number(query.get("page") ?? 1);
		const hasMore = page * size < this.notes.length;
		const next = `<${this.url}/projects/42/merge_requests/7/notes?page=${page + 1}&per_page=${size}>; rel="next"`;
		return {
			status: 200,
			...(hasMore && { headers: { link: next } }),
			body: this.notes.slice((page - 1) * size, page * size),
		};
	}
}
