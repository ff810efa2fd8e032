import { flagOption, textOption } from "../../common/command-options.ts";

/** The options of `npm run upgrade` that have to do with a Git repository. */
export const repositoryOptions = {
	repo: textOption(
		"--repo <dir>",
		"read both charts and values from this Git repository, and answer for each release of kube-prometheus-stack that differs",
	),
	base: textOption(
		"--base <ref>",
		"with --repo: where the change is going to be merged; what the branch brings since it left it is compared (default: the default branch)",
	),
	head: textOption(
		"--head <ref>",
		"with --repo: the change (default: the working tree)",
	),
	list: flagOption(
		"--list",
		"with --repo: only say which Helm releases there are, and where",
	),
};
