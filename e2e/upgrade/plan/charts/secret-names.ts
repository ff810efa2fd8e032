import { cloneDeepWith, isPlainObject } from "es-toolkit";

/** Whether a value of this name may be secret, e.g. `grafana.adminPassword`; the name of a Secret, or what selects one, is not. */
export function isSecretName(name: string): boolean {
	if (isReference.test(name)) return false;
	return name
		.split(/[.[\]]+/)
		.some((part) => secretWord.test(part) && !harmlessPart.test(part));
}

const secretWord = /password|secret|secure|token|api_?key|credential/i;
/** Which Secret it is, or a list of them. */
const isReference =
	/secrets?\.(name|key|optional)$|secrets$|secrets\[|data\[[^\]]*\]\.secretKey$/i;
/** What is said about a secret, and does not hold it. */
const harmlessPart =
	/secret_?name|existing_?secret|secret_?(key_?)?ref|selector|automount|SecurePort|insecure|imagePullSecret|allowSecret|(file|path|ur[il]|template|seconds|minutes|enabled|policy|type|length|lifetime|expiration|ttl|store)$|(password|user(name)?|token)_?key$/i;

const hidden = "(not shown)";

/** A value without what may be secret in it by its name, and without the passwords of addresses. */
export function withoutSecrets(value: unknown): unknown {
	return cloneDeepWith(value, (each: unknown, key) => {
		if (typeof each === "string" || typeof each === "number")
			return typeof key === "string" && isSecretName(key)
				? hidden
				: withoutPasswords(each);
		// A variable of the environment.
		return isPlainObject(each) &&
			typeof each.name === "string" &&
			typeof each.value === "string" &&
			isSecretName(each.name)
			? { ...each, value: hidden }
			: undefined;
	});
}

/** e.g. of `mysql://user:password@host/db` and `https://host/?token=...` */
function withoutPasswords(value: string | number): string | number {
	if (typeof value === "number") return value;
	return value
		.replaceAll(/(:\/\/[^\s:/@]*):[^\s/@]+@/g, `$1:${hidden}@`)
		.replaceAll(
			/([?&][\w-]*(?:token|key|secret|password|sig)[\w-]*=)[^&\s"']+/gi,
			`$1${hidden}`,
		);
}
