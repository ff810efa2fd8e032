import { messageOf } from "./errors.ts";
import { printError } from "./output/terminal.ts";

/** How the message about a failed clean-up begins, on the console and in the notes of its claim. */
export const leftBehind = "left behind: ";

/**
 * A clean-up that reports a failure instead of throwing: what a test leaves behind says nothing about the claim that it
 * tested. It can only report on the console: the test has ended by then, and takes no annotation.
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
			printError(`${leftBehind}${what} failed: ${messageOf(error)}`);
		}
	};
}
