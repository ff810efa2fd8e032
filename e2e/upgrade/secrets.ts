import { isPlainObject } from "es-toolkit";
import { rememberSecret } from "../common/secrecy/redact.ts";

/** Keys whose values are secret, and keys that only look like it and hold a name. */
const secretKey =
	/(password|passwd|token|secret|api_?key|credentials|authorization|webhook|routing_key|service_key|api_url|access_?key)/i;
const nameKey =
	/(existing|secretName|secretRef|passwordKey|userKey|tokenKey|_file$|File$|admission|webhooks$)/;

/** Shorter secrets would blank words of the report. */
const shortest = 6;

/** Remembers the secrets in a person's values, so that reports blank them. */
export function rememberSecretsIn(value: unknown, key = ""): void {
	if (Array.isArray(value)) {
		for (const each of value) rememberSecretsIn(each, key);
		return;
	}
	if (isPlainObject(value)) {
		// The name of a Secret, or of a key in it, is not secret.
		for (const [name, each] of Object.entries(value))
			if (!nameKey.test(name)) rememberSecretsIn(each, name);
		return;
	}
	if (typeof value !== "string") return;
	const userInfo = /:\/\/([^/\s@]+)@/.exec(value)?.[1];
	if (userInfo) rememberSecret(userInfo);
	if (secretKey.test(key) && value.length >= shortest) rememberSecret(value);
}
