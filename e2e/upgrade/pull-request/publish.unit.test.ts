import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readCiJob } from "./ci-job.ts";
import { publishSummary } from "./publish.ts";
import { GitHubStandIn } from "./stand-in/github-stand-in.ts";
import {
	movedRelease,
	PublishingJob,
	summaries,
} from "./stand-in/publishing-job.ts";

const { unsafe, review, nothing, failed } = summaries;

test("without a token the verdict is in the job's summary", async () => {
	const ci = await PublishingJob.start();
	await using github = await GitHubStandIn.start();
	await ci.publish(unsafe, {
		...(await ci.makeGitHubVariables(github)),
		GITHUB_TOKEN: "",
	});
	expect(await ci.readJobSummary()).toBe(`### ${unsafe.headline}\n`);
	expect(github.requests).toEqual([]);
	expect(ci.lines.at(-1)).toContain("::notice");
	expect(ci.lines.at(-1)).toContain("No token is given");
});

test("where nothing differs, there is no annotation", async () => {
	const ci = await PublishingJob.start();
	await using github = await GitHubStandIn.start({ mayWriteComments: false });
	const job = await ci.makeGitHubVariables(github);
	for (const GITHUB_TOKEN of ["", github.token])
		await ci.publish(nothing, { ...job, GITHUB_TOKEN });
	expect(ci.lines).toContain(nothing.headline);
	expect(ci.lines.join("\n")).not.toContain("::");
});

test("a token that may only read, as for a fork, changes nothing but the comment", async () => {
	const ci = await PublishingJob.start();
	await using github = await GitHubStandIn.start({ mayWriteComments: false });
	await ci.publish(unsafe, await ci.makeGitHubVariables(github));
	expect(await ci.readJobSummary()).toBe(`### ${unsafe.headline}\n`);
	expect(ci.lines).toContain(
		"::notice title=kube-prometheus-stack::The token may not write the comment, as for a pull request from a fork: the verdict is in the job's log and summary (POST /repos/octo/home/issues/7/comments: 403 Resource not accessible by integration).",
	);
});

test.each([
	["an outage", { status: 502, body: "Bad gateway" }, "502"],
	[
		"a rate limit that lasts",
		{ status: 403, headers: { "retry-after": "900" }, body: {} },
		"900 s",
	],
] as const)("%s is a warning", async (_, reply, said) => {
	const ci = await PublishingJob.start();
	await using github = await GitHubStandIn.start();
	github.refusals.push({ to: "POST", ...reply });
	await ci.publish(unsafe, await ci.makeGitHubVariables(github));
	const failures = ci.lines.filter((line) =>
		line.includes("the verdict stands"),
	);
	expect(failures).toEqual([expect.stringMatching(/^::warning .*the comment/)]);
	expect(failures[0]).toContain(said);
});

test.each([
	["unsafe", unsafe, "failure"],
	["nothing", nothing, "success"],
	["no verdict", failed, "failure"],
	["review", review, "neutral"],
	["safe", { ...unsafe, exitCode: 0 }, "success"],
	["inconclusive", { ...unsafe, exitCode: 2 }, "failure"],
] as const)(
	"%s is a check of its own where the token permits it",
	async (_, summary, conclusion) => {
		const ci = await PublishingJob.start();
		await using github = await GitHubStandIn.start({ mayWriteChecks: true });
		await ci.publish(summary, await ci.makeGitHubVariables(github));
		expect(github.checks).toEqual([
			{
				name: "kube-prometheus-stack upgrade",
				head_sha: github.head,
				status: "completed",
				conclusion,
				details_url: "https://github.example.org/octo/home/actions/runs/123456",
				output: {
					title: summary.headline,
					summary: `### ${summary.headline}\n`,
				},
			},
		]);
	},
);

test("without that permission the job is the check, and this is said", async () => {
	const ci = await PublishingJob.start();
	await using github = await GitHubStandIn.start();
	await ci.publish(review, await ci.makeGitHubVariables(github));
	expect(github.checks).toEqual([]);
	expect(github.comments).toHaveLength(1);
	expect(ci.lines.at(-1)).toContain("no permission checks: write");
});

test("a commit that GitHub does not know is a warning", async () => {
	const ci = await PublishingJob.start();
	await using github = await GitHubStandIn.start({ mayWriteChecks: true });
	await ci.publish(
		review,
		await ci.makeGitHubVariables({ ...github, url: github.url, head: "0" }),
	);
	expect(ci.lines.at(-1)).toMatch(
		/^::warning .*Writing the check failed.*422 No commit found for SHA: 0/,
	);
});

test("each release is an annotation where it is written", async () => {
	const ci = await PublishingJob.start();
	await using github = await GitHubStandIn.start();
	await ci.publish(
		{
			...unsafe,
			releases: [
				{ ...movedRelease, verdict: "unsafe", place: "a,b:c.yaml:3" },
				{ ...movedRelease, verdict: "unreadable", sentence: "50% of\nit" },
				{ ...movedRelease, verdict: "review" },
				{ ...movedRelease, verdict: "safe" },
			],
		},
		await ci.makeGitHubVariables(github),
	);
	const text = "monitoring/stack (Flux), 78.5.0 → 79.4.1";
	const usual = "file=apps/stack.yaml,line=3,title=kube-prometheus-stack";
	expect(ci.lines.slice(0, 4)).toEqual([
		`::error file=a%2Cb%3Ac.yaml,line=3,title=kube-prometheus-stack::unsafe: ${text}`,
		`::error ${usual}::unreadable: ${text}: 50%25 of%0Ait`,
		`::warning ${usual}::review: ${text}`,
		`::notice ${usual}::safe: ${text}`,
	]);
});

test("a run that is about no pull request has its summary", async () => {
	const ci = await PublishingJob.start();
	await using github = await GitHubStandIn.start();
	await ci.publish(
		unsafe,
		await ci.makeGitHubVariables(github, { ref: "refs/heads/main" }),
	);
	expect(await ci.readJobSummary()).toContain("### unsafe");
	expect(github.requests).toEqual([]);
});

test("a forge that does not answer changes no verdict", async () => {
	const ci = await PublishingJob.start();
	const { url, token, head } = await (async () => {
		await using github = await GitHubStandIn.start();
		return { url: github.url, token: github.token, head: github.head };
	})();
	await ci.publish(unsafe, await ci.makeGitHubVariables({ url, token, head }));
	expect(ci.lines.filter((line) => line.includes("no answer"))).toHaveLength(2);
});

test("the token is in nothing that is written", async () => {
	const ci = await PublishingJob.start();
	await using github = await GitHubStandIn.start({ mayWriteChecks: true });
	await ci.publish(
		{ ...unsafe, headline: `unsafe: ${github.token}` },
		await ci.makeGitHubVariables(github),
	);
	const { comments, checks } = github;
	const all = [await ci.readJobSummary(), ci.lines, comments, checks];
	expect(checks).toHaveLength(1);
	expect(JSON.stringify(all)).not.toContain(github.token);
	expect(github.comments[0]?.body).toContain("<blanked>");
});

test("anywhere else, or without a report, it is bad input", async () => {
	const ci = await PublishingJob.start();
	await expect(readCiJob({})).rejects.toThrow("none of them is recognised");
	await using github = await GitHubStandIn.start();
	const job = await readCiJob(await ci.makeGitHubVariables(github));
	await expect(publishSummary(ci.dir, undefined, job)).rejects.toThrow(
		"summary.json cannot be read (it does not exist)",
	);
	await writeFile(join(ci.dir, "summary.json"), "{}");
	await expect(publishSummary(ci.dir, undefined, job)).rejects.toThrow(
		"summary.json has an unexpected form",
	);
});
