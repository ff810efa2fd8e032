/** A text as inline code: nothing in it is Markdown. */
export function markdownCode(text: string): string {
	return `\`${text.replaceAll("`", "'").replaceAll(/\s+/g, " ")}\``;
}

/**
 * A text in which nothing is Markdown, HTML, a formula, a link, a mention of a person or a reference to an issue: what a
 * report says comes from a pull request that anybody may have opened, and goes into a comment.
 */
export function escapeMarkdown(text: string): string {
	return (
		text
			.replaceAll(/\s+/g, " ")
			// First, because entities are added below.
			.replaceAll("&", "&amp;")
			.replaceAll(/([\\`*_<>[\]|~$])/g, "\\$1")
			.replaceAll("://", "\\://")
			// A space of no width keeps GitHub, Gitea and GitLab from notifying people, and from noting the comment on an issue.
			.replaceAll(/@(?=\w)|[#!](?=\d)/g, "$&&#8203;")
	);
}

/** An address that can be opened. @param text must be a URL */
export function markdownLink(text: string): string {
	const url = new URL(text);
	// GitHub notes on an issue each comment that links to it; through this host of theirs the page opens without that.
	if (url.host === "github.com" && /\/(issues|pull)\//.test(url.pathname))
		url.host = "redirect.github.com";
	return `<${url.href}>`;
}
