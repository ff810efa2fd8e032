import { isOrdinaryWord, isTrivial, ofTemplate } from "./ordinary.ts";
import { rememberSecret } from "./redact.ts";
import { saysSecret } from "./value-keys.ts";
import { splitAddress } from "./without-login.ts";

const url = /\b[a-z][a-z\d+.-]{0,30}:\/\/[^\s"'<>`\\]+/gi;
/** What parts the addresses of a list, as in GOPROXY or for several replicas of a database. */
const ofList = /[,|;](?=[a-z][a-z\d+.-]{0,30}:\/\/)/i;
/** A text that is one address: its password may have a quote in it. */
const oneUrl = /^(?:--[\w-]+=)?([a-z][a-z\d+.-]{0,30}:\/\/.*)$/is;
/** Parameters of addresses that were signed, such as a bucket's, beside those that say it by their names. */
const signature = /^(sig|(x-[a-z]+-)?signature)$/i;
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
	return urlsIn(text).flatMap((found) => {
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

function urlsIn(text: string): string[] {
	return [...text.matchAll(url)].flatMap(([found]) => found.split(ofList));
}

/**
 * Remembers the names and passwords in the URLs of some texts, and the secret parameters; their paths are open.
 *
 * @param proxies addresses that may have no scheme
 */
export function rememberLogins(
	texts: readonly (string | undefined)[],
	proxies: readonly (string | undefined)[] = [],
): void {
	const urls = texts.flatMap((text = "") => [
		...urlsIn(text),
		...(oneUrl.exec(text)?.[1]?.split(ofList) ?? []),
	]);
	for (const [, name = "", value = ""] of urls.flatMap((each) => [
		...each.matchAll(/[?&]([^=&#]+)=([^&#]+)/g),
	]))
		if ((saysSecret(name) || signature.test(name)) && !isTrivial(value))
			for (const form of [value, decode(value)]) rememberSecret(form);
	const logins = [
		...urls.map((each) => splitAddress(each).login),
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
