import { expect, test } from "vitest";
import { z } from "zod";
import { ForgeApi } from "./forge-api.ts";
import { GitHubStandIn } from "./stand-in/github-stand-in.ts";
import { serveJson } from "./stand-in/serve-json.ts";

const path = "/repos/octo/home/issues/7/comments";
const item = z.looseObject({ id: z.number() });

function makeApi(standIn: GitHubStandIn, waits: number[] = []) {
	const headers = { authorization: `Bearer ${standIn.token}` };
	return new ForgeApi(standIn.url, headers, async (wait) => waits.push(wait));
}

test("a list is read to its last page", async () => {
	await using standIn = await GitHubStandIn.start({ prefix: "/api/v3" });
	for (let i = 0; i < 250; i++) standIn.addComment("octocat", `${i}`);
	const found = await makeApi(standIn).list(`${path}?per_page=100`, item);
	expect(found.map(({ id }) => id)).toEqual(
		standIn.comments.map(({ id }) => id),
	);
	expect(standIn.requests).toHaveLength(3);
});

test("the token does not follow a page to another host", async () => {
	await using other = await serveJson(() => ({ status: 200, body: [] }));
	await using server = await serveJson(() => ({
		status: 200,
		headers: { link: `<${other.origin}/x>; rel="next"` },
		body: [],
	}));
	await expect(
		new ForgeApi(server.origin, {}).list("/x", item),
	).rejects.toThrow(`says that its next page is on ${other.origin}`);
});

test("pages that lead on and on are read only so far", async () => {
	let asked = 0;
	await using server = await serveJson(() => {
		asked += 1;
		return {
			status: 200,
			headers: { link: `</x?page=${asked}>; rel="next"` },
			body: [],
		};
	});
	await new ForgeApi(server.origin, {}).list("/x", item);
	expect(asked).toBe(100);
});

test("a request is sent again after the time that a rate limit asks for", async () => {
	await using standIn = await GitHubStandIn.start();
	standIn.refusals.push(
		{ to: "POST", status: 403, headers: { "retry-after": "40" }, body: {} },
		{ to: "POST", status: 429, body: { message: "slow down" } },
	);
	const waits: number[] = [];
	await makeApi(standIn, waits).send("POST", path, { body: "here" });
	expect(waits).toEqual([40_000, 60_000]);
	expect(standIn.comments).toMatchObject([{ body: "here" }]);
});

test("one that asks for too long is not waited for", async () => {
	await using standIn = await GitHubStandIn.start();
	standIn.refusals.push({
		to: "POST",
		status: 403,
		headers: { "retry-after": "3600" },
		body: { message: "API rate limit exceeded for installation ID 1." },
	});
	const waits: number[] = [];
	await expect(
		makeApi(standIn, waits).send("POST", path, { body: "here" }),
	).rejects.toThrow(
		`POST ${path}: 403 API rate limit exceeded for installation ID 1. (the next try may be in 3600 s)`,
	);
	expect(waits).toEqual([]);
	expect(standIn.requests).toHaveLength(1);
});

test("a rate limit that never ends is given up", async () => {
	await using server = await serveJson(() => ({ status: 429, body: {} }));
	const waits: number[] = [];
	const api = new ForgeApi(server.origin, {}, async (wait) => waits.push(wait));
	await expect(api.get("/x", item)).rejects.toThrow("GET /x: 429");
	expect(waits).toEqual([60_000, 60_000, 60_000]);
});

test.each([
	["GitHub's", { message: "Not Found" }, "Not Found"],
	[
		"GitHub's list",
		{ message: "Validation Failed", errors: [{ message: "too long" }] },
		"Validation Failed: too long",
	],
	[
		"GitLab's",
		{ message: { body: ["is too long"] } },
		'{"body":["is too long"]}',
	],
	["GitLab's scopes", { error: "insufficient_scope" }, "insufficient_scope"],
	["an unknown", ["x"], '["x"]'],
])("%s reason is in the message", async (_, body, said) => {
	await using server = await serveJson(() => ({ status: 422, body }));
	await expect(new ForgeApi(server.origin, {}).get("/x", item)).rejects.toThrow(
		`GET /x: 422 ${said}`,
	);
});

test("no answer is told from a refusal", async () => {
	const { origin } = await (async () => {
		await using server = await serveJson(() => ({ status: 200, body: {} }));
		return server;
	})();
	await expect(new ForgeApi(origin, {}).get("/x", item)).rejects.toMatchObject({
		status: undefined,
		message: expect.stringMatching(/^GET \/x: no answer \(.*ECONNREFUSED/),
	});
});

test("an answer of another form is an error that names the field", async () => {
	await using server = await serveJson(() => ({ status: 200, body: [{}] }));
	await expect(
		new ForgeApi(server.origin, {}).list("/x", item),
	).rejects.toThrow("the answer to GET /x has an unexpected form: [0].id");
});
