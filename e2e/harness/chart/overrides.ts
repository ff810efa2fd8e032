import { readFile } from "node:fs/promises";
import { isMap, isScalar, parseDocument } from "yaml";
import { projectPath } from "../../common/paths.ts";

/** A value of the homelab's that the test changes, and why. */
export interface Override {
	/** e.g. `prometheus.prometheusSpec.thanos.blockSize=1m` */
	readonly value: string;
	readonly reason: string;
}

/** Reads stack/values/test-overrides.yaml: its values with the comments above them. */
export async function readOverrides(): Promise<Override[]> {
	const path = projectPath("stack/values/test-overrides.yaml");
	return parseOverrides(await readFile(path, "utf8"));
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
