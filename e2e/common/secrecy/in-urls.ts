import { isOrdinaryWord, isTrivial, ofTemplate } from "./ordinary.ts";
import { rememberSecret } from "./redact.ts";
import { saysSecret } from "./value-keys.ts";
import { splitAddress } from "./without-login.ts";

const url = /\b[a-z][a-z\d+.-]{0,30}:\/\/[^\s"'<>`\\]+/gi;
/** Words of an API, versions, numbers: what everybody's URLs have. */
const isOrdinarySegment = (segment: string) =>
	/^([a-z]{1,12}|v?\d{1,6}(\.\d+)*|-|)$/.test(segment);
/** What a secret comes after, as in `/hook/<secret>`, whatever it looks like. */
const beforeSecret = /^(hooks?|webhooks?|tokens?|keys?|secrets?)$/i;
/** Letters of a word there that may be a secret: shorter ones are names, as in `/hook/kitchen`. */
const shortestWord = 8;
/** Characters; a user's name that is shorter is a name. */
const shortestUser = 6;
/** The same where nothing but logins is secret. */
const shortestToken = 10;

/**
 * The secrets in the URLs of a text: the user's name with the password, and the path and query, where webhooks and
 * tokens are, unless they are ordinary (`/api/v1/push`).
 */
export function secretsInUrls(text: string): string[] {
	return [...text.matchAll(url)].flatMap(([found]) => {
		const { login = "", rest } = splitAddress(found);
		const [user, password] = [login, login.split(/:(.*)/s)[1] ?? ""];
		const [authority = ""] = /^[^/?#]*/.exec(rest) ?? [];
		const tail = rest.slice(authority.length).replace(/[).,;]+$/, "");
		const [path = "", query = ""] = tail.split(/[?#](.*)/s);
		const segments = path
			.split("/")
			.filter((each, i, all) => isSecretSegment(each, all[i - 1] ?? ""));
		const values = query.split(/[&#;]/).flatMap(secretOfParameter);
		const isSecret = segments.length > 0 || values.length > 0;
		return [
			user.length < shortestUser || isOrdinarySegment(user) ? "" : user,
			password,
			...(isSecret
				? [tail.replace(/^\//, ""), path.slice(1), query].filter(
						(each) => each.length >= shortestUser && !isOrdinarySegment(each),
					)
				: []),
			...segments,
			...values,
		]
			.flatMap((each) => each.split(ofTemplate))
			.flatMap((each) =>
				isTrivial(each) ? [] : [...new Set([each, decode(each)])],
			);
	});
}

function isSecretSegment(segment: string, before: string): boolean {
	const isWord = beforeSecret.test(before) && /^[a-z]{2,12}$/.test(segment);
	return isWord
		? segment.length >= shortestWord && !isOrdinaryWord(segment)
		: !isOrdinarySegment(segment);
}

function secretOfParameter(parameter: string): string[] {
	const [, name = "", value = ""] =
		/^(?:([^=]*)=)?(.*)$/s.exec(parameter) ?? [];
	return saysSecret(name) || !isOrdinarySegment(value) ? [value] : [];
}

/**
 * Remembers the names and passwords in the URLs of some texts; their paths are open.
 *
 * @param proxies addresses that may have no scheme
 */
export function rememberLogins(
	texts: readonly (string | undefined)[],
	proxies: readonly (string | undefined)[] = [],
): void {
	const logins = [
		...texts.flatMap((text = "") =>
			[...text.matchAll(url)].map(([found]) => splitAddress(found).login),
		),
		...proxies.map((proxy = "") => splitAddress(proxy.trim(), true).login),
	];
	for (const login of logins) {
		if (login === undefined) continue;
		const [, password] = /^[^:]*:(.*)$/s.exec(login) ?? [];
		for (const each of [login, password ?? ""])
			for (const form of [each, decode(each)])
				if (
					!isTrivial(form) &&
					(each !== login || password || login.length >= shortestToken)
				)
					rememberSecret(form);
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
