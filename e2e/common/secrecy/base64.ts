/** Characters; shorter forms would be found by chance. */
const shortestForm = 8;

/**
 * The strings of which one is in the base64 of any longer text that contains this text. Base64 encodes groups of three
 * bytes, so there is a string for each position in a group at which the text can begin: the base64 of the groups that
 * are completely within the text.
 */
export function base64Within(text: string): string[] {
	const bytes = Buffer.from(text);
	return [0, 1, 2]
		.map((skipped) => bytes.subarray(skipped))
		.map((own) => own.subarray(0, own.length - (own.length % 3)))
		.map((whole) => whole.toString("base64"))
		.filter((form) => form.length >= shortestForm);
}

/** The alphabet of base64 that URLs and file names take, as in a JSON Web Token. */
export function toBase64Url(base64: string): string {
	return base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
