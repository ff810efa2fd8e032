import { containsSecret } from "../common/secrecy/search.ts";

/** Secrets, and what to call them; their values are never quoted. */
export type NamedSecrets = Readonly<Record<string, string>>;

/**
 * Where an object contains secrets, each as "the canary at spec.containers[0].env[1].value". Every text is searched by
 * itself, keys too, because what is encoded as a whole cannot be recognised as a part of something longer.
 */
export function findHidden(object: unknown, secrets: NamedSecrets): string[] {
	const texts = textsBelow(object);
	return Object.entries(secrets).flatMap(([what, secret]) =>
		texts
			// No form of a secret is shorter than itself. Most texts are, and there are 100,000 of them in a cluster.
			.filter(({ text }) => text.length >= secret.length)
			.filter(({ text }) => containsSecret(text, [secret]))
			.map(({ path }) => `${what} at ${path}`),
	);
}

interface Text {
	readonly path: string;
	readonly text: string;
}

/** All texts in a value, each with the path that kubectl would call it. */
function textsBelow(value: unknown, path = ""): Text[] {
	if (typeof value === "string") return [{ path, text: value }];
	if (typeof value !== "object" || value === null) return [];
	if (Array.isArray(value))
		return value.flatMap((each, i) => textsBelow(each, `${path}[${i}]`));
	return Object.entries(value).flatMap(([key, each]) => {
		const step = /^\w+$/.test(key) ? key : `["${key}"]`;
		const below =
			path && !step.startsWith("[") ? `${path}.${step}` : path + step;
		return [{ path: `${path || "the top"}, a key`, text: key }].concat(
			textsBelow(each, below),
		);
	});
}
