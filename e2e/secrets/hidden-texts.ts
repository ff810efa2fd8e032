import { containsSecret } from "../common/secrecy/search.ts";

/** A secret, and what to call it: its value is never quoted. */
export interface NamedSecret {
	/** e.g. "the canary" */
	readonly what: string;
	/** The strings that give it away. */
	readonly needles: readonly string[];
}

/**
 * Where an object contains secrets, each as "the canary at spec.containers[0].env[1].value". Every text is searched by
 * itself, keys too, because what is encoded as a whole cannot be recognised as a part of something longer.
 */
export function findHidden(
	object: unknown,
	secrets: readonly NamedSecret[],
): string[] {
	// No form of a secret is shorter than itself. Most texts are, and there are 100,000 of them in a cluster.
	const shortest = Math.min(
		...secrets.flatMap(({ needles }) => needles).map(({ length }) => length),
	);
	return textsBelow(object)
		.filter(({ text }) => text.length >= shortest)
		.flatMap(({ path, text }) =>
			nameSecretsIn(text, secrets).map((what) => `${what} at ${path}`),
		);
}

/** What a text contains of these secrets. */
export function nameSecretsIn(
	text: string,
	secrets: readonly NamedSecret[],
): string[] {
	// One search for all: hardly any text has one.
	const all = secrets.flatMap(({ needles }) => needles);
	if (!containsSecret(text, all)) return [];
	return secrets
		.filter(({ needles }) => containsSecret(text, needles))
		.map(({ what }) => what);
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
