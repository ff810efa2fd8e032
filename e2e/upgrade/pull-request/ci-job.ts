import { readFile } from "node:fs/promises";
import { z } from "zod";
import { BadInputError } from "../../common/errors.ts";
import { parseAs, parseJsonAs } from "../../common/parsing/parse-as.ts";
import { rememberSecret } from "../../common/secrecy/redact.ts";
import type { PullRequestForge } from "./forge.ts";
import { ForgeApi } from "./forge-api.ts";
import { GitHubPullRequest } from "./github.ts";
import { GitLabMergeRequest } from "./gitlab.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The job of a CI that this process runs in. */
export interface CiJob {
	/** Whether what is printed may be a workflow command, as on GitHub, Forgejo and Gitea. */
	readonly hasWorkflowCommands: boolean;
	/** The file whose Markdown the CI shows with the job; undefined where there is none. */
	readonly jobSummary: string | undefined;
	/** The page of the job's log. */
	readonly log: string;
	/** Undefined if the job is not about one. */
	readonly pullRequest:
		| { readonly commit: string; readonly access: PullRequestAccess }
		| undefined;
}

/** Undefined without a token. */
type PullRequestAccess =
	| { readonly forge: PullRequestForge; readonly github?: GitHubPullRequest }
	| undefined;

/**
 * Reads from its variables which CI this is, and which pull request the job is about.
 *
 * @throws BadInputError outside of a CI that is known here, UnexpectedFormError if a variable is missing
 */
export async function readCiJob(env: Environment): Promise<CiJob> {
	for (const name of ["GITHUB_TOKEN", "GITLAB_TOKEN"])
		if (env[name]) rememberSecret(env[name]);
	if (env.GITLAB_CI === "true") return readGitLab(env);
	// Forgejo and Gitea set it, too.
	if (env.GITHUB_ACTIONS === "true") return readGitHub(env);
	throw new BadInputError(
		"this is for a job of GitHub, Forgejo or Gitea Actions or of GitLab CI, and none of them is recognised here (neither GITHUB_ACTIONS nor GITLAB_CI is true)",
	);
}

const githubVariables = z.looseObject({
	GITHUB_API_URL: z.url(),
	GITHUB_SERVER_URL: z.url(),
	GITHUB_REPOSITORY: z.string().regex(/^[^/]+\/[^/]+$/),
	GITHUB_RUN_ID: z.string(),
	GITHUB_RUN_NUMBER: z.string(),
	GITHUB_EVENT_PATH: z.string(),
	GITHUB_STEP_SUMMARY: z.string().optional(),
	GITHUB_TOKEN: z.string().optional(),
});

/** The event that started the workflow. */
const event = z.looseObject({
	pull_request: z
		.looseObject({
			number: z.number(),
			head: z.looseObject({ sha: z.string() }),
		})
		.optional(),
});

async function readGitHub(env: Environment): Promise<CiJob> {
	const variables = parseAs(githubVariables, env, "the job's environment");
	const { GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token } = variables;
	const path = variables.GITHUB_EVENT_PATH;
	const text = await readFile(path, "utf8");
	const { pull_request: about } = parseJsonAs(event, text, path);
	const isGitHub = !env.GITEA_ACTIONS && !env.FORGEJO_ACTIONS;
	// The pages of runs are found by their ids on GitHub, and by their numbers on Forgejo and Gitea.
	const run = isGitHub ? variables.GITHUB_RUN_ID : variables.GITHUB_RUN_NUMBER;
	const makeAccess = (number: number): PullRequestAccess => {
		if (!token) return undefined;
		const api = new ForgeApi(variables.GITHUB_API_URL, {
			accept: "application/vnd.github+json",
			"x-github-api-version": "2022-11-28",
			authorization: `Bearer ${token}`,
		});
		const forge = new GitHubPullRequest(api, repository, number, isGitHub);
		return { forge, ...(isGitHub && { github: forge }) };
	};
	return {
		hasWorkflowCommands: true,
		jobSummary: variables.GITHUB_STEP_SUMMARY,
		log: `${variables.GITHUB_SERVER_URL}/${repository}/actions/runs/${run}`,
		pullRequest: about && {
			commit: about.head.sha,
			access: makeAccess(about.number),
		},
	};
}

const gitlabVariables = z.looseObject({
	CI_API_V4_URL: z.url(),
	CI_JOB_URL: z.url(),
	CI_COMMIT_SHA: z.string(),
	/** Where the commit above is that of a trial merge; otherwise empty. */
	CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: z.string().optional(),
	/** Only in pipelines of merge requests. The project is the one to merge into, also where the branch is a fork's. */
	CI_MERGE_REQUEST_PROJECT_ID: z.string().optional(),
	CI_MERGE_REQUEST_IID: z.string().optional(),
	GITLAB_TOKEN: z.string().optional(),
});

function readGitLab(env: Environment): CiJob {
	const variables = parseAs(gitlabVariables, env, "the job's environment");
	const {
		CI_MERGE_REQUEST_PROJECT_ID: project,
		CI_MERGE_REQUEST_IID: iid,
		CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: source,
		GITLAB_TOKEN: token,
	} = variables;
	const makeAccess = (id: string, number: string): PullRequestAccess => {
		if (!token) return undefined;
		const headers = { "private-token": token };
		const api = new ForgeApi(variables.CI_API_V4_URL, headers);
		return { forge: new GitLabMergeRequest(api, id, number) };
	};
	return {
		hasWorkflowCommands: false,
		jobSummary: undefined,
		log: variables.CI_JOB_URL,
		pullRequest:
			project && iid
				? {
						commit: source || variables.CI_COMMIT_SHA,
						access: makeAccess(project, iid),
					}
				: undefined,
	};
}
