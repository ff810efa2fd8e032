import { messageOf } from "./errors.ts";

/** What a clean-up that failed begins with, on the console and in the notes of its claim. */
export const leftBehind = "left behind: ";

/**
 * A clean-up that tells when it fails instead of failing: what a test leaves behind says nothing about the claim that
 * it has tested. It can only tell the console, for by then the test has ended and takes no annotation.
 *
 * @param what the clean-up as a noun, e.g. "withdrawal of the planted alerts"
 */
export function tidyUp(
	what: string,
	cleanUp: () => Promise<void>,
): () => Promise<void> {
	return async () => {
		try {
			await cleanUp();
		} catch (error) {
			console.warn(`${leftBehind}${what} failed: ${messageOf(error)}`);
		}
	};
}
