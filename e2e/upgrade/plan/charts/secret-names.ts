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

/**
 * A value without what may be secret in it by its name, and without the passwords of addresses.
 *
 * @param path where the value is
 */
export function withoutSecrets(value: unknown, path = ""): unknown {
	return cloneDeepWith(value, (each: unknown, key) => {
		if (key === undefined ? isBelowSecret(path) : isSecretName(String(key)))
			return isSelector(each) ? undefined : withoutTexts(each);
		if (isText(each)) return withoutPasswords(each);
		// A variable of the environment.
		return isPlainObject(each) &&
			typeof each.name === "string" &&
			typeof each.value === "string" &&
			isSecretName(each.name)
			? { ...each, value: hidden }
			: undefined;
	});
}

/** The names of items in lists do not count: such an item says by itself what of it is secret. */
function isBelowSecret(path: string): boolean {
	return isSecretName(path) && isSecretName(path.replaceAll(/\[[^\]]*\]/g, ""));
}

/** Whether it says which Secret it is, and does not hold it. */
function isSelector(value: unknown): boolean {
	return (
		isPlainObject(value) &&
		("name" in value || "secretName" in value) &&
		Object.keys(value).every((key) => ofSelector.has(key))
	);
}

const ofSelector = new Set([
	"name",
	"secretName",
	"namespace",
	"kind",
	"key",
	"items",
	"optional",
	"enabled",
	"defaultMode",
]);

function withoutTexts(value: unknown): unknown {
	return cloneDeepWith(value, (each: unknown) =>
		isText(each) ? hidden : undefined,
	);
}

function isText(value: unknown): value is string | number {
	return typeof value === "string" || typeof value === "number";
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
