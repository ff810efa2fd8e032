import { isUtf8 } from "node:buffer";
import { secretsInUrls } from "./in-urls.ts";
import { isTrivial } from "./ordinary.ts";
import { saysSecret } from "./value-keys.ts";

/** As in a command line, a connection string, or a file that is no YAML; and nginx's `proxy_set_header X-Token "..."`. */
const assignment =
	/(?<![\w-])([\w-]{0,60}?(?:pass|pwd|token|secret|key|credentials|cookie|pin|psk)[\w-]{0,60})(?:["']?\s*[=:]\s*["']?|\s+(?=["']))(?:(["'])([^"']+)\2|([^\s"',;&]+))/gi;
/** As in a header. */
const credentials =
	/\b(Bearer|Basic|Token|Digest|ApiKey|GenieKey|Splunk)\s+([\w.~+/=-]{4,})/gi;
const privateKey =
	/-----BEGIN ([A-Z\d ]*PRIVATE KEY[A-Z ]*)-----([\s\S]*?)-----END \1-----/g;

/** The secrets in a text that gives them away itself, whatever its key is: URLs, assignments, headers, private keys. */
export function secretsInText(text: string): string[] {
	return [
		...secretsInUrls(text),
		...[...text.matchAll(assignment)].flatMap(
			([, key = "", , quoted, bare]) => {
				const value = quoted ?? bare ?? "";
				return saysSecret(key) && !isTrivial(value) ? [value] : [];
			},
		),
		...[...text.matchAll(credentials)].flatMap(([whole, , given = ""]) =>
			// A sentence may have "basic authentication"; a header has nothing else.
			/^[a-z]+$/.test(given) && whole !== text.trim()
				? []
				: [given, ...loginIn(given)],
		),
		...[...text.matchAll(privateKey)].flatMap(([, , body = ""]) =>
			body.split(/\s+|\\n/).filter((line) => line.length >= shortestLine),
		),
	];
}

/** Characters of a line of a private key. */
const shortestLine = 12;

/** The password in the base64 of a user's name and a password. */
export function loginIn(encoded: string): string[] {
	if (!/^[A-Za-z\d+/_-]{6,}={0,2}$/.test(encoded)) return [];
	const bytes = Buffer.from(encoded, "base64");
	if (!isUtf8(bytes)) return [];
	const [, password] =
		/^[^:\p{Cc}]*:([^\p{Cc}]+)$/u.exec(bytes.toString()) ?? [];
	return password && !isTrivial(password) ? [password] : [];
}
