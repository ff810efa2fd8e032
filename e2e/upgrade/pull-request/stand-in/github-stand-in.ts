import { z } from "zod";
import {
	type AskedRequest,
	type JsonReply,
	type JsonServer,
	serveJson,
} from "./serve-json.ts";

/** A comment as the stand-in keeps it. */
interface KeptComment {
	id: number;
	body: string;
	user: { login: string; type?: string } | null;
}

/** How a stand-in differs from GitHub with the token of a job that may write comments, and no more. */
interface StandInOptions {
	/** Before the paths: /api/v3 on GitHub Enterprise, /api/v1 on Gitea and Forgejo. */
	readonly prefix?: string;
	readonly flavor?: "github" | "gitea";
	/** Whom the token belongs to: an app or a job, which has no GET /user, or a person. */
	readonly author?: { readonly login: string; readonly isPerson: boolean };
	readonly mayWriteComments?: boolean;
	readonly mayWriteChecks?: boolean;
}

const refused = {
	status: 403,
	body: {
		message: "Resource not accessible by integration",
		documentation_url: "https://docs.github.com/rest",
		status: "403",
	},
};
const notFound = { status: 404, body: { message: "Not Found" } };
const longestBody = 65_536;
const commentInput = z.object({ body: z.string() });
const checkInput = z.looseObject({
	name: z.string(),
	head_sha: z.string(),
	status: z.literal("completed"),
	conclusion: z.enum(["success", "neutral", "failure"]),
});

/**
 * For tests: the part of GitHub's REST API that comments and checks need, for pull request 7 of octo/home. It answers as
 * GitHub documents and was seen to do: pages with a `Link` header, 403 without a permission, 404, 422 for a body that is too
 * long. Whoever may write comments may edit everybody's, as on GitHub.
 */
export class GitHubStandIn implements AsyncDisposable {
	readonly token: string = "ghs_stand-in-token";
	readonly head: string = "4be1c09a00000000000000000000000000000000";
	readonly comments: KeptComment[] = [];
	readonly checks: z.infer<typeof checkInput>[] = [];
	/** Method and path of each request. */
	readonly requests: string[] = [];
	/** Answers in place of its own, each for the next request that begins like this. */
	readonly refusals: (JsonReply & { readonly to: string })[] = [];
	readonly #options: StandInOptions;
	#server: JsonServer | undefined;
	#lastId = 0;

	private constructor(options: StandInOptions) {
		this.#options = options;
	}

	static async start(options: StandInOptions = {}): Promise<GitHubStandIn> {
		const standIn = new GitHubStandIn(options);
		standIn.#server = await serveJson((asked) => standIn.#answer(asked));
		return standIn;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#server?.[Symbol.asyncDispose]();
	}

	/** As GITHUB_API_URL. */
	get url(): string {
		return `${this.#server?.origin}${this.#options.prefix ?? ""}`;
	}

	/** What somebody has written already. */
	addComment(login: string, body: string, type = "User"): KeptComment {
		const user = this.#options.flavor === "gitea" ? { login } : { login, type };
		const comment = { id: ++this.#lastId, body, user };
		this.comments.push(comment);
		return comment;
	}

	#answer({ request, query, headers, text }: AskedRequest): JsonReply {
		const { prefix = "", mayWriteComments = true } = this.#options;
		this.requests.push(request);
		const next = this.refusals.findIndex(({ to }) => request.startsWith(to));
		const [refusal] = next < 0 ? [] : this.refusals.splice(next, 1);
		if (refusal) return refusal;
		if (headers.authorization !== `Bearer ${this.token}`)
			return { status: 401, body: { message: "Bad credentials" } };
		const path = request.replace(` ${prefix}`, " ");
		if (path === "GET /user") return this.#whoIsIt();
		// GitHub's links to further pages name the repository by its number.
		if (
			/^GET \/(repos\/octo\/home|repositories\/1)\/issues\/7\/comments$/.test(
				path,
			)
		)
			return this.#list(query);
		if (path === "POST /repos/octo/home/check-runs") return this.#check(text);
		const { data } = commentInput.safeParse(text && JSON.parse(text));
		const id = /^PATCH \/repos\/octo\/home\/issues\/comments\/(\d+)$/.exec(
			path,
		);
		const isNew = path === "POST /repos/octo/home/issues/7/comments";
		if (!data || (!id && !isNew)) return notFound;
		if (!mayWriteComments) return refused;
		if (data.body.length > longestBody) return tooLong;
		if (isNew) return { status: 201, body: this.#create(data.body) };
		const edited = this.comments.find((each) => each.id === Number(id?.[1]));
		if (!edited) return notFound;
		edited.body = data.body;
		return { status: 200, body: edited };
	}

	get #author() {
		const { flavor, author } = this.#options;
		const login = flavor === "gitea" ? "gitea-actions" : "github-actions[bot]";
		return author ?? { login, isPerson: false };
	}

	#whoIsIt(): JsonReply {
		const { login, isPerson } = this.#author;
		return isPerson ? { status: 200, body: { login, type: "User" } } : refused;
	}

	#create(body: string): KeptComment {
		const { login, isPerson } = this.#author;
		return this.addComment(login, body, isPerson ? "User" : "Bot");
	}

	#list(query: URLSearchParams): JsonReply {
		if (this.#options.flavor === "gitea")
			return { status: 200, body: this.comments };
		const size = Math.min(100, Number(query.get("per_page") ?? 30));
		const page = Number(query.get("page") ?? 1);
		const last = Math.max(1, Math.ceil(this.comments.length / size));
		const linkTo = (number: number, rel: string) =>
			`<${this.url}/repositories/1/issues/7/comments?per_page=${size}&page=${number}>; rel="${rel}"`;
		const links = [
			...(page > 1 ? [linkTo(page - 1, "prev")] : []),
			...(page < last ? [linkTo(page + 1, "next"), linkTo(last, "last")] : []),
			...(page > 1 ? [linkTo(1, "first")] : []),
		];
		return {
			status: 200,
			...(links.length > 0 && { headers: { link: links.join(", ") } }),
			body: this.comments.slice((page - 1) * size, page * size),
		};
	}

	#check(text: string): JsonReply {
		if (this.#options.flavor === "gitea") return notFound;
		if (!this.#options.mayWriteChecks) return refused;
		const check = checkInput.parse(JSON.parse(text));
		if (check.head_sha !== this.head)
			return {
				status: 422,
				body: { message: `No commit found for SHA: ${check.head_sha}` },
			};
		this.checks.push(check);
		return { status: 201, body: { id: this.checks.length } };
	}
}

const tooLong = {
	status: 422,
	body: {
		message: "Validation Failed",
		errors: [
			{
				resource: "IssueComment",
				code: "unprocessable",
				field: "data",
				message: "Body is too long (maximum is 65536 characters)",
			},
		],
	},
};
