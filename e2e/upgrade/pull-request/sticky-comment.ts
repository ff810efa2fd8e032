import type { ForgeComment, PullRequestForge } from "./forge.ts";
import { isRefused } from "./forge-api.ts";

/** The first line of the comment, which nobody sees. */
export const commentMarker = "<!-- o11y-e2e: upgrade -->";

/** What became of the comment. */
export type CommentFate = "created" | "edited" | "not needed";

/**
 * Keeps one comment on a pull request: edits the one that is there, or else writes it.
 *
 * @param text Markdown
 * @param isNews whether it is worth a new comment; otherwise only one that is there is edited
 * @throws ForgeError, UnexpectedFormError
 */
export async function keepComment(
	forge: PullRequestForge,
	text: string,
	isNews: boolean,
): Promise<CommentFate> {
	const body = `${commentMarker}\n${text}`;
	const own = await findOwn(forge);
	for (const { id } of own.toReversed())
		try {
			await forge.edit(id, body);
			return "edited";
		} catch (error) {
			// It was deleted meanwhile, or is another bot's.
			if (!isRefused(error, 403, 404)) throw error;
		}
	if (!isNews) return "not needed";
	await forge.create(body);
	return "created";
}

/** A person may quote the marker, and with `pull-requests: write` the token could edit that person's comment. */
async function findOwn(forge: PullRequestForge): Promise<ForgeComment[]> {
	const comments = (await forge.comments()).filter(({ body }) =>
		body.startsWith(commentMarker),
	);
	if (comments.length === 0) return [];
	const me = await forge.whoAmI();
	return comments.filter(({ author, isBot }) =>
		me === undefined ? isBot : author === me,
	);
}
