import type { Manifest } from "../../../clients/kube-objects.ts";
import { dataOf } from "../charts/data.ts";

/** Whether a ConfigMap holds a Grafana dashboard. */
export function isDashboard(object: Manifest): boolean {
	return (
		object.kind === "ConfigMap" &&
		[...dataOf(object)].some(
			([key, text]) => key.endsWith(".json") && /"panels"\s*:/.test(text),
		)
	);
}

/** The PromQL of a dashboard's panels and variables. */
export function expressionsOf(object: Manifest): string[] {
	return [...dataOf(object).values()].flatMap((text) => {
		const found: string[] = [];
		const walk = (value: unknown) => {
			if (Array.isArray(value)) value.forEach(walk);
			else if (typeof value === "object" && value !== null)
				for (const [key, each] of Object.entries(value)) {
					if (key === "expr" && typeof each === "string") found.push(each);
					else walk(each);
				}
		};
		walk(tryParseJson(text));
		return found;
	});
}

/** Undefined if the text is not JSON. */
export function tryParseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
