import { readFile } from "node:fs/promises";
import { isMap, isNode, isScalar, parseDocument } from "yaml";
import { projectPath } from "../../common/paths.ts";
import { makeAdditions } from "./computed/additions.ts";
import { shortenWaits } from "./computed/short-waits.ts";
import type { ValuesFile } from "./values-file.ts";

/** A value of the homelab's that the test changes, and why. */
export interface Override {
	/** e.g. `prometheus.prometheusSpec.thanos.blockSize=1m` */
	readonly value: string;
	readonly reason: string;
	/** What a person's values file says instead, e.g. `2h in my-values.yaml`. */
	readonly replaces?: string;
}

/**
 * Reads what the test changes: stack/values/test-overrides.yaml and test-defaults.yaml, with the comments above each value.
 *
 * @param person their values files: they replace defaults, and are replaced by overrides
 */
export async function readOverrides(
	person: readonly ValuesFile[],
): Promise<Override[]> {
	const [overrides = "", defaults = ""] = await Promise.all(
		["test-overrides.yaml", "test-defaults.yaml"].map((file) =>
			readFile(projectPath(`stack/values/${file}`), "utf8"),
		),
	);
	return [
		...parseOverrides(overrides).map((each) => {
			const said = findSaid(each, person);
			return said ? { ...each, replaces: said } : each;
		}),
		...findShortened(person, overrides),
		...findAdded(person),
		...parseOverrides(defaults).filter((each) => !findSaid(each, person)),
	];
}

/** What the last file with a list of routes says of their waits. */
function findShortened(
	person: readonly ValuesFile[],
	overrides: string,
): Override[] {
	for (const { name, content } of person.toReversed()) {
		const { shortened } = shortenWaits([content], overrides);
		if (shortened.length > 0)
			return shortened.map(({ path, said, value }) => ({
				value: `${path}=${value}`,
				reason:
					"A route's own waits would make each test with alerts wait as long. They are judged as written.",
				replaces: `${said} in ${name}`,
			}));
	}
	return [];
}

/** What is added to their values because of what they say. */
function findAdded(person: readonly ValuesFile[]): Override[] {
	return makeAdditions(person.map(({ content }) => content)).flatMap(
		({ changed, reason }) => changed.map((value) => ({ value, reason })),
	);
}

/** What the last of some values files says of an override's key, if it is something else. */
export function findSaid(
	{ value: text }: Override,
	files: readonly ValuesFile[],
): string | undefined {
	const [path = "", value] = text.split(/=(.*)/s);
	for (const { name, content } of files.toReversed()) {
		const said: unknown = parseDocument(content).getIn(path.split("."));
		if (said === undefined) continue;
		const shown = isNode(said) ? JSON.stringify(said) : String(said);
		return shown === value ? undefined : `${shown} in ${name}`;
	}
	return undefined;
}

/** Collects every leaf. Its reason is the comment above it, or above the nearest key that contains it. */
export function parseOverrides(text: string): Override[] {
	const overrides: Override[] = [];
	const walk = (node: unknown, path: string[], inherited: string) => {
		if (!isMap(node)) {
			const value = `${path.join(".")}=${isScalar(node) ? String(node.value) : JSON.stringify(node)}`;
			overrides.push({ value, reason: inherited });
			return;
		}
		node.items.forEach((pair, i) => {
			if (!isScalar(pair.key)) return;
			// The comment above a mapping's first key belongs to the mapping itself.
			const own = pair.key.commentBefore ?? (i === 0 ? node.commentBefore : "");
			const reason = own?.trim().replaceAll(/\s*\n\s*/g, " ") || inherited;
			walk(pair.value, [...path, String(pair.key.value)], reason);
		});
	};
	walk(parseDocument(text).contents, [], "");
	return overrides;
}
