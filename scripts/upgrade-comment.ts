import { resolve } from "node:path";
import { defineCommand } from "../e2e/common/command.ts";
import { textOption, textOptionOr } from "../e2e/common/command-options.ts";
import { BadInputError, exitCodes } from "../e2e/common/errors.ts";
import { readCiJob } from "../e2e/upgrade/pull-request/ci-job.ts";
import { publishSummary } from "../e2e/upgrade/pull-request/publish.ts";

export const upgradeCommentCommand = defineCommand({
	name: "upgrade:comment",
	description:
		"In a job of GitHub, Forgejo or Gitea Actions or of GitLab CI: writes the verdict of npm run upgrade -- --repo into one comment on the pull request. The token is that of GITHUB_TOKEN or GITLAB_TOKEN.",
	exitCodes: {
		0: "written, or may not be written, which is said",
		2: "set-up failed",
	},
	options: {
		report: textOptionOr(
			"--report <dir>",
			"the report of npm run upgrade -- --repo",
			"upgrade-report",
		),
		artifact: textOption(
			"--artifact <url>",
			"where the whole report can be opened, for a link",
		),
	},
	run: async ({ report, artifact }) => {
		if (artifact !== undefined && !URL.canParse(artifact))
			throw new BadInputError(`--artifact ${artifact}: it is not a URL`);
		const job = await readCiJob(process.env);
		await publishSummary(resolve(report), artifact, job);
		return exitCodes.proven;
	},
});

if (import.meta.main) await upgradeCommentCommand.main();
