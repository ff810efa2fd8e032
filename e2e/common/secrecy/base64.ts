/** Shorter ones would be found by chance. */
const shortestForm = 8;

/**
 * What the base64 of every text that holds this one holds, by where it begins in a group of three bytes: that of the
 * groups which are all its own.
 */
export function base64Within(text: string): string[] {
	const bytes = Buffer.from(text);
	return [0, 1, 2]
		.map((skipped) => bytes.subarray(skipped))
		.map((own) => own.subarray(0, own.length - (own.length % 3)))
		.map((whole) => whole.toString("base64"))
		.filter((form) => form.length >= shortestForm);
}
