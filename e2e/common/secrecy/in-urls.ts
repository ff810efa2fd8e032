import { rememberSecret } from "./redact.ts";

const url = /\b[a-z][a-z\d+.-]*:\/\/[^\s"'<>`\\]+/gi;
/** Words of an API, versions, numbers: what everybody's URLs have. */
const isOrdinary = (segment: string) =>
	/^([a-z]{1,12}|v?\d{1,6}(\.\d+)*|-|)$/.test(segment);
/** Shorter secrets would blank words of the report. */
const shortest = 6;

/**
 * The secrets in the URLs of a text: the user's name with the password, and the path and query, where webhooks and
 * tokens are, unless they are ordinary (`/api/v1/push`).
 */
export function secretsInUrls(text: string): string[] {
	return [...text.matchAll(url)].flatMap(([found]) => {
		const rest = found.replace(/^[^:]+:\/\//, "");
		const [authority = ""] = /^[^/?#]*/.exec(rest) ?? [];
		const at = authority.lastIndexOf("@");
		const user = at < 0 ? "" : authority.slice(0, at);
		const password = user.split(/:(.*)/s)[1] ?? "";
		const tail = rest.slice(authority.length).replace(/[).,;]+$/, "");
		const [path = "", query = ""] = tail.split(/[?#](.*)/s);
		const segments = path.split("/").filter((each) => !isOrdinary(each));
		const values = query
			.split(/[&#;]/)
			.map((each) => each.replace(/^[^=]*=/, ""));
		const isSecret = segments.length > 0 || values.some((each) => each !== "");
		return [
			user,
			password,
			...(isSecret ? [tail.replace(/^\//, ""), path.slice(1), query] : []),
			...segments,
			...values,
		].flatMap((each) =>
			each.length < shortest || isOrdinary(each)
				? []
				: [...new Set([each, decode(each)])],
		);
	});
}

/** Remembers the names and passwords in the URLs of some texts; their paths are open. */
export function rememberLogins(texts: readonly (string | undefined)[]): void {
	for (const text of texts)
		for (const [found] of (text ?? "").matchAll(url)) {
			const [, login] = /^[^:]+:\/\/([^/?#]*)@/.exec(found) ?? [];
			if (login) secretsInUrls(`http://${login}@host`).forEach(rememberSecret);
		}
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		// A percent sign of its own.
		return text;
	}
}
