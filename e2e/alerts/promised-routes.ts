import { findUntried, makeAnyNames, makeContexts } from "./alert-contexts.ts";
import { type AlertPath, judgeAlert, promisedRepeats } from "./judge-alert.ts";
import type { AlertLabels } from "./matchers.ts";
import { allRoutes, makeRouteTree, type TreeRoute } from "./route-tree.ts";

/**
 * Sends the labels of each rule through relabelling and routing, alone and with every label that any of them asks for.
 *
 * @returns a sentence for each kind of alert that does not go where the homelab promises
 */
export function findRoutingFlaws(path: AlertPath): string[] {
	const { config, relabelling, externalLabels, retention } = path;
	const tree = makeRouteTree(config);
	if (relabelling.length === 0)
		return [
			"Prometheus has loaded no Alertmanager: expected one, because alerts from Prometheus rules land there",
		];
	const contexts = makeContexts(conditionsOf(tree), relabelling);
	const examples = new Map<string, Set<string>>();
	for (const rule of withPromisedNames(path))
		for (const context of contexts) {
			const labels = { ...context, ...externalLabels, ...rule };
			for (const steps of relabelling)
				for (const flaw of judgeAlert(labels, steps, {
					config,
					tree,
					retention,
				})) {
					const names = examples.get(flaw) ?? new Set();
					names.add(nameAlert(rule, context));
					examples.set(flaw, names);
				}
		}
	return [...examples].map(([flaw, names]) => {
		const [first] = names;
		return `${flaw}; ${names.size === 1 ? "" : `${names.size} cases, `}such as ${first}`;
	});
}

/** What routes and relabelling decide by and could not be tried: a sentence each. */
export function findUntriedRoutes({
	config,
	relabelling,
}: Pick<AlertPath, "config" | "relabelling">): string[] {
	return findUntried(conditionsOf(makeRouteTree(config)), relabelling);
}

function conditionsOf(tree: TreeRoute) {
	return allRoutes(tree).map(({ matchers }) => matchers);
}

/** Each severity, and what the chart's own two alerts are named, whether a rule is loaded or not. */
function withPromisedNames({
	rules,
	relabelling,
}: Pick<AlertPath, "rules" | "relabelling">): AlertLabels[] {
	return [
		...Object.keys(promisedRepeats).flatMap((severity) =>
			makeAnyNames(relabelling).map((alertname) => ({ alertname, severity })),
		),
		{ alertname: "InfoInhibitor", severity: "none" },
		{ alertname: "Watchdog", severity: "none" },
		...rules,
	];
}

function nameAlert(rule: AlertLabels, context: AlertLabels): string {
	const labels = Object.entries(context).map(
		([name, value]) => `${name}="${value}"`,
	);
	return `${rule.alertname} (${[rule.severity, ...labels].join(", ")})`;
}
