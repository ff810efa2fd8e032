import { examplesForStep, type RelabelStep } from "./alert-relabelling.ts";
import { type AlertLabels, matchesAll, valuesFor } from "./matchers.ts";
import { allRoutes, type TreeRoute } from "./route-tree.ts";

/** The sets of labels, besides a rule's own, for which routes or relabelling make an exception. */
export function makeContexts(
	tree: TreeRoute,
	steps: readonly RelabelStep[],
): AlertLabels[] {
	const fromRoutes = allRoutes(tree).flatMap(({ matchers }) => {
		const others = matchers.filter(({ label }) => label !== "alertname");
		const values = others.map(valuesFor);
		const many = Math.max(0, ...values.map(({ length }) => length));
		return Array.from({ length: many }, (_, i) =>
			Object.fromEntries(
				others.map(({ label }, at) => {
					const own = values[at] ?? [];
					return [label, own[Math.min(i, own.length - 1)] ?? ""];
				}),
			),
		).filter((each) => matchesAll(others, each));
	});
	const all = [
		{},
		{ namespace: "any-namespace" },
		...fromRoutes,
		...steps.flatMap(examplesForStep),
	].map(({ alertname: _, severity: __, ...labels }: Record<string, string>) =>
		Object.fromEntries(
			Object.entries(labels)
				.filter(([, value]) => value !== "")
				.sort(),
		),
	);
	return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}
