import { isPlainObject, snakeCase } from "es-toolkit";
import { shortestSecret } from "./forms.ts";

/** Names that nothing but a password has: a short token or key is rather a choice or an amount. Snake case. */
const ofPassword = /(^|_)(password|passwd|passphrase|pass|pwd|pin)$/;
/** Said of a password, and none. */
const choice = /^(no|yes|on|off|~)$/i;

/**
 * Finds passwords that are too short to be blanked: in reports they would be found by chance everywhere.
 *
 * @param values as written, without circles; texts for numbers
 * @returns where they are, e.g. `grafana.adminPassword`
 */
export function findShortPasswords(values: unknown): string[] {
	return findBelow(values, []);
}

function findBelow(value: unknown, path: readonly string[]): string[] {
	if (Array.isArray(value))
		return value.flatMap((each, i) => findBelow(each, [...path, String(i)]));
	if (!isPlainObject(value)) return [];
	return Object.entries(value).flatMap(([key, each]) => {
		// As in a Pod's environment.
		const isValue = key === "value" && typeof value.name === "string";
		const name = isValue ? String(value.name) : key;
		const at = [...path, key];
		return isShortPassword(name, each) ? [at.join(".")] : findBelow(each, at);
	});
}

function isShortPassword(name: string, value: unknown): boolean {
	return (
		typeof value === "string" &&
		value.length > 0 &&
		value.length < shortestSecret &&
		!choice.test(value) &&
		ofPassword.test(snakeCase(name))
	);
}
