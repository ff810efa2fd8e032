/** Blanks secrets in text, in plain and in the encodings that Kubernetes and URLs give them. */
export function redact(text: string, secrets: readonly string[]): string {
	const forms = secrets.filter(Boolean).flatMap((secret) => [
		secret,
		encodeURIComponent(secret),
		// In JSON strings, slashes may be escaped.
		secret.replaceAll("/", "\\/"),
		Buffer.from(secret).toString("base64"),
	]);
	// A secret that contains another goes first, so that no part of it stays.
	const ordered = [...new Set(forms)].sort((a, b) => b.length - a.length);
	return ordered.reduce(
		(rest, form) => rest.replaceAll(form, "<blanked>"),
		text,
	);
}
