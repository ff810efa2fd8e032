import { isEqual, omit, pick } from "es-toolkit";
import { matches } from "../../common/promql/matcher.ts";
import {
	type RelabelStep,
	relabelWith,
} from "../../common/relabelling/relabel.ts";
import { readInhibitionRules } from "../inhibition/rules.ts";
import type { AlertmanagerConfig } from "../loaded-config.ts";
import type { AlertLabels } from "../matchers.ts";
import { routesOf, type TreeRoute } from "../route-tree.ts";

/**
 * Whether relabelling gives an alert without a namespace one that all such alerts get, and nothing comes of it: it takes the
 * same routes, and is inhibited together with those that it was inhibited with before.
 *
 * @param sent what relabelling makes of the labels
 */
export function getsDefaultNamespace(
	labels: AlertLabels,
	sent: AlertLabels,
	steps: readonly RelabelStep[],
	{
		config,
		tree,
	}: { readonly config: AlertmanagerConfig; readonly tree: TreeRoute },
): boolean {
	const { namespace } = sent;
	if (labels.namespace !== undefined || namespace === undefined) return false;
	const bare = relabelWith(steps, pick(labels, ["alertname", "severity"]));
	return (
		bare?.namespace === namespace &&
		isEqual(routesOf(tree, sent), routesOf(tree, omit(sent, ["namespace"]))) &&
		readInhibitionRules(config, {})
			.flatMap(({ source, target }) => [...source, ...target])
			.every(
				(each) =>
					each.label !== "namespace" ||
					matches(each, "") === matches(each, namespace),
			)
	);
}
