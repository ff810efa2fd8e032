import { expect, test } from "vitest";
import { GitHubStandIn } from "./stand-in/github-stand-in.ts";
import { PublishingJob, summaries } from "./stand-in/publishing-job.ts";
import { commentMarker } from "./sticky-comment.ts";

const { unsafe, review, nothing, failed } = summaries;

test("the first verdict is a comment, and the next one edits it", async () => {
	const ci = await PublishingJob.start();
	await using github = await GitHubStandIn.start();
	const job = await ci.makeGitHubVariables(github);
	await ci.publish(unsafe, job, "https://github.example.org/artifact/9");
	await ci.publish(review, job);
	expect(github.comments).toEqual([
		{
			id: 1,
			user: { login: "github-actions[bot]", type: "Bot" },
			body: [
				commentMarker,
				"### review: monitoring/stack (Flux), 78.5.0 → 79.4.1",
				"",
				"4be1c09a · [log](https://github.example.org/octo/home/actions/runs/123456)",
				"",
			].join("\n"),
		},
	]);
	expect(ci.lines.join("\n")).toContain(
		"the comment on the pull request: edited",
	);
});

test("the comment links to the report where it was uploaded", async () => {
	const ci = await PublishingJob.start();
	await using github = await GitHubStandIn.start();
	const artifact = "https://github.example.org/artifact/9";
	await ci.publish(unsafe, await ci.makeGitHubVariables(github), artifact);
	expect(github.comments[0]?.body).toContain(
		`· [report](${artifact}) · [log](`,
	);
});

test("the comment is found behind two hundred others", async () => {
	const ci = await PublishingJob.start();
	await using github = await GitHubStandIn.start({ prefix: "/api/v3" });
	for (let i = 0; i < 120; i++) github.addComment("octocat", "hello");
	const job = await ci.makeGitHubVariables(github);
	await ci.publish(unsafe, job);
	for (let i = 0; i < 120; i++) github.addComment("octocat", "hello");
	await ci.publish(review, job);
	expect(github.comments).toHaveLength(241);
	expect(github.comments[120]?.body).toContain("### review");
});

test("a person's comment is not edited, though it begins with the marker or quotes it", async () => {
	const ci = await PublishingJob.start();
	await using github = await GitHubStandIn.start();
	const theirs = [
		github.addComment("octocat", `${commentMarker}\nmine`),
		github.addComment("renovate[bot]", `> ${commentMarker}\nquoted`, "Bot"),
	].map(({ body }) => body);
	await ci.publish(unsafe, await ci.makeGitHubVariables(github));
	expect(github.comments.map(({ body }) => body)).toEqual([
		...theirs,
		expect.stringContaining("### unsafe"),
	]);
});

test("with a person's token, that person's comment is edited and no bot's", async () => {
	const ci = await PublishingJob.start();
	const author = { login: "octocat", isPerson: true };
	await using github = await GitHubStandIn.start({ author });
	const job = await ci.makeGitHubVariables(github);
	await ci.publish(unsafe, job);
	github.addComment("other[bot]", `${commentMarker}\ntheirs`, "Bot");
	await ci.publish(review, job);
	expect(github.comments).toMatchObject([
		{ body: expect.stringContaining("### review"), user: { login: "octocat" } },
		{ body: `${commentMarker}\ntheirs` },
	]);
});

test("nothing is written where nothing differs, but an older verdict is put right", async () => {
	const ci = await PublishingJob.start();
	await using github = await GitHubStandIn.start();
	const job = await ci.makeGitHubVariables(github);
	await ci.publish(nothing, job);
	await ci.publish(failed, job);
	expect(github.comments).toEqual([]);
	await ci.publish(unsafe, job);
	await ci.publish(nothing, job);
	expect(github.comments).toMatchObject([
		{ body: expect.stringContaining("### Nothing differs") },
	]);
	await ci.publish(failed, job);
	expect(github.comments).toMatchObject([
		{ body: expect.stringContaining("### no verdict: --base x") },
	]);
	expect(ci.lines).toContain(
		"::error title=kube-prometheus-stack::no verdict: --base x: there is no such commit here",
	);
});

test("a comment that cannot be edited any more is written anew", async () => {
	const ci = await PublishingJob.start();
	await using github = await GitHubStandIn.start();
	const job = await ci.makeGitHubVariables(github);
	await ci.publish(unsafe, job);
	// It is deleted after it was listed.
	const body = { message: "Not Found" };
	github.refusals.push({ to: "PATCH", status: 404, body });
	await ci.publish(review, job);
	expect(github.comments.map(({ body }) => body)).toEqual([
		expect.stringContaining("### unsafe"),
		expect.stringContaining("### review"),
	]);
});
