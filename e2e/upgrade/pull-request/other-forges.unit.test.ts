import { expect, test } from "vitest";
import { GitHubStandIn } from "./stand-in/github-stand-in.ts";
import { GitLabStandIn } from "./stand-in/gitlab-stand-in.ts";
import { PublishingJob, summaries } from "./stand-in/publishing-job.ts";
import { commentMarker } from "./sticky-comment.ts";

const { unsafe, review } = summaries;

test("on Gitea and Forgejo the job's own comment is edited", async () => {
	const ci = await PublishingJob.start();
	await using gitea = await GitHubStandIn.start({
		flavor: "gitea",
		prefix: "/api/v1",
	});
	const job = {
		...(await ci.makeGitHubVariables(gitea)),
		GITEA_ACTIONS: "true",
	};
	gitea.addComment("octocat", `${commentMarker}\nmine`);
	await ci.publish(unsafe, job);
	await ci.publish(review, job);
	expect(gitea.comments).toMatchObject([
		{ body: `${commentMarker}\nmine` },
		{ body: expect.stringContaining("### review") },
	]);
	expect(gitea.comments[1]?.body).toContain("/octo/home/actions/runs/8)");
	expect(gitea.requests.join("\n")).not.toContain("check-runs");
});

test("on GitLab the note of the token's user is edited", async () => {
	const ci = await PublishingJob.start();
	await using gitlab = await GitLabStandIn.start();
	const job = {
		GITLAB_CI: "true",
		CI_API_V4_URL: gitlab.url,
		CI_JOB_URL: "https://gitlab.example.org/octo/home/-/jobs/5",
		CI_COMMIT_SHA: "4be1c09a0000",
		CI_MERGE_REQUEST_PROJECT_ID: "42",
		CI_MERGE_REQUEST_IID: "7",
		GITLAB_TOKEN: gitlab.token,
	};
	gitlab.addNote("octocat", `${commentMarker}\nmine`);
	for (let i = 0; i < 120; i++) gitlab.addNote("root", "added 1 commit", true);
	await ci.publish(unsafe, job);
	const source = "f00d000000000000";
	const merged = { ...job, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: source };
	await ci.publish(review, merged);
	expect(gitlab.notes).toHaveLength(122);
	expect(gitlab.notes[0]?.body).toContain("mine");
	expect(gitlab.notes.at(-1)?.body).toMatch(
		/### review[\s\S]+^f00d0000 · \[log\]\(https:\/\/gitlab\.example\.org/m,
	);
	expect(ci.lines).toContain(
		"warning: review: monitoring/stack (Flux), 78.5.0 → 79.4.1",
	);
	await ci.publish(unsafe, { ...job, GITLAB_TOKEN: "wrong" });
	expect(ci.lines.at(-1)).toMatch(/^warning: .*notes: 401 Unauthorized$/);
});
