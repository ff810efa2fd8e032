import { existsSync } from "node:fs";
import { secretsInText } from "./in-texts.ts";
import { rememberLogins } from "./in-urls.ts";
import { isTrivial } from "./ordinary.ts";
import { rememberSecret } from "./redact.ts";
import { saysSecret } from "./value-keys.ts";

/** Also npm's own, such as npm_config_proxy and npm_config_noproxy. */
const isProxyName = (name: string) =>
	/proxy$/i.test(name) && !/no_?proxy$/i.test(name);
/** A mirror, before which `pull:` stands as a scheme would. */
const mirror = /^(?:--images=)?pull:(.+@.+)$/s;
/** `user:password@host` without a scheme, which is an image's name where a digest follows. */
const withoutScheme =
	/^(?:--[\w-]+=)?(?!archive:)([^\s:/@=]+:.+@(?!sha\d+:)[^@\s]+)$/s;

/**
 * Remembers the secrets that a process was given: logins in the addresses of its arguments and variables, and variables
 * that say by their names what they are, such as HELM_KUBETOKEN. Messages quote what was typed, and tools what they were given.
 */
export function rememberGiven(
	argv: readonly string[],
	env: Readonly<Record<string, string | undefined>>,
): void {
	const variables = Object.entries(env).map(
		([name, value = ""]) => [name, value] as const,
	);
	rememberLogins(
		[...argv, ...variables.map(([, value]) => value)],
		[
			...argv.flatMap(
				(each) => (mirror.exec(each) ?? withoutScheme.exec(each))?.[1] ?? [],
			),
			...variables.flatMap(([name, value]) =>
				isProxyName(name) ? [value] : [],
			),
		],
	);
	for (const [name, value] of variables)
		if (saysSecret(name) && !isTrivial(value) && !isHarmless(name, value))
			for (const secret of [value, ...secretsInText(value)])
				rememberSecret(secret);
}

/** Amounts, as in MAX_TOKENS, and paths, as in PWD or SSH_KEY, would be found everywhere. */
function isHarmless(name: string, value: string): boolean {
	return (
		/^\d{1,9}$/.test(value) ||
		/^(OLD)?PWD$/.test(name) ||
		(value.startsWith("/") && existsSync(value))
	);
}
