import { set } from "es-toolkit/compat";
import { textsAt } from "../../../common/parsing/yaml-map.ts";
import type { Addition } from "./addition.ts";
import { lastSaid } from "./last-said.ts";
import { readValues } from "./read-values.ts";

/** Where a test has a Prometheus of its own, which the operator must watch. */
export const smallNamespace = "o11y-e2e-small";

const operator = "prometheusOperator";
const all = [operator, "namespaces", "additional"];
const ofPrometheus = [operator, "prometheusInstanceNamespaces"];

/**
 * Adds the namespace of the test's own Prometheus to those that the operator watches, where values name some: without a
 * name in its list, it watches all. A list in values replaces that of earlier ones, so what the last one has is repeated.
 *
 * @param layers contents of values files, in their order
 * @returns undefined if no values name one
 */
export function watchSmallNamespace(
	layers: readonly string[],
): Addition | undefined {
	const values = layers.map(readValues);
	const own = [operator, "namespaces", "releaseNamespace"];
	const namesRelease = lastSaid(values, ...own) === true;
	const content = {};
	const changed = [all, ofPrometheus].flatMap((path) => {
		const names = textsAt(lastSaid(values, ...path));
		const isLimited = names.length > 0 || (path === all && namesRelease);
		if (!isLimited) return [];
		set(content, path, [...names, smallNamespace]);
		return [`${path.join(".")}[${names.length}]=${smallNamespace}`];
	});
	if (changed.length === 0) return undefined;
	return {
		content: JSON.stringify(content),
		changed,
		reason:
			"The test has a small Prometheus of its own, to see what its retention by size drops. The operator must make its pod.",
	};
}
