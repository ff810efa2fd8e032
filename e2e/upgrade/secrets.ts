import { isPlainObject } from "es-toolkit";
import { rememberSecret } from "../common/secrecy/redact.ts";

/** Keys whose value is secret, and keys that look like it but hold a name. */
const secretKey =
	/(password|passwd|token|secret|api_?key|credentials|authorization|webhook|routing_key|service_key|api_url|access_?key)/i;
const nameKey =
	/(existing|secretName|secretRef|passwordKey|userKey|tokenKey|_file$|File$|admission|webhooks$)/;

/** Shorter ones would blank words of the report. */
const shortest = 6;

/** Sees to it that no secret of a person's own values stands in a report. */
export function rememberSecretsIn(value: unknown, key = ""): void {
	if (Array.isArray(value)) {
		for (const each of value) rememberSecretsIn(each, key);
		return;
	}
	if (isPlainObject(value)) {
		// A name of a Secret, or of a key in it, is none.
		for (const [name, each] of Object.entries(value))
			if (!nameKey.test(name)) rememberSecretsIn(each, name);
		return;
	}
	if (typeof value !== "string") return;
	const userInfo = /:\/\/([^/\s@]+)@/.exec(value)?.[1];
	if (userInfo) rememberSecret(userInfo);
	if (secretKey.test(key) && value.length >= shortest) rememberSecret(value);
}
