import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { matchesSelectorText } from "../../../common/parsing/selector-text.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { textAt } from "../charts/fields.ts";
import { monitorKinds, operatorWorkloads } from "../charts/operator-kinds.ts";
import { pairByKey } from "../charts/pairs.ts";
import {
	allObjectsOf,
	objectKey,
	objectsOf,
	type Side,
} from "../charts/side.ts";

/** What the operator's flags say of a kind, before `-instance-selector` and `-instance-namespaces`. */
const prefixes: Readonly<Record<string, string>> = {
	Prometheus: "prometheus",
	PrometheusAgent: "prometheus",
	Alertmanager: "alertmanager",
	ThanosRuler: "thanos-ruler",
};

/** Objects that the operator handled, and that its arguments leave out now: they stay as they are, whatever changes. */
export function compareHandled(a: Side, b: Side): Reason[] {
	const before = operatorsIn(a);
	const after = operatorsIn(b);
	if (before.length === 0 || after.length === 0) return [];
	const kinds = [...operatorWorkloads, ...monitorKinds, "PrometheusRule"];
	const own = (side: Side) => allObjectsOf(side, ...kinds);
	return pairByKey(own(a), own(b), objectKey).both.flatMap(([old, now]) => {
		const wasHandled = before.some((each) => !reasonAgainst(old, each));
		const against = after.map((each) => reasonAgainst(now, each));
		const [first] = against;
		return wasHandled && first && !against.includes(undefined)
			? [describe(now, first)]
			: [];
	});
}

function describe(object: Manifest, flag: string): Reason {
	const name = nameOf(object);
	const wayOut =
		"Set prometheusOperator's selectors and namespaces so that they leave nothing of yours out.";
	if (operatorWorkloads.includes(object.kind))
		return makeReason(
			"selector-narrowed",
			`${name} operator`,
			`With ${flag}, the operator no longer handles ${name}: its pods stay as they are, and no change of its configuration, monitors or rules reaches them.`,
			{ wayOut },
		);
	return makeReason(
		object.kind === "PrometheusRule"
			? "rules-unselected"
			: "monitor-unselected",
		name,
		`With ${flag}, the operator no longer looks at the namespace ${object.metadata.namespace}: ${name} has no effect.`,
		{ wayOut },
	);
}

/** The arguments of each operator of a side. */
function operatorsIn(side: Side): string[][] {
	return objectsOf(side, "Deployment").flatMap((each) =>
		listAt(each, "spec", "template", "spec", "containers")
			.filter((container) =>
				/(^|\/)prometheus-operator([:@]|$)/.test(textAt(container, "image")),
			)
			.map((container) => listAt(container, "args").map(String)),
	);
}

/** The argument that has an operator leave an object out; undefined if none does. */
function reasonAgainst(
	{ kind, metadata: { namespace = "", labels = {} } }: Manifest,
	args: readonly string[],
): string | undefined {
	const flagOf = (name: string) => {
		const found = args.find((each) => each.startsWith(`--${name}=`));
		const value = found?.slice(name.length + 3);
		return found && value ? { found, value } : undefined;
	};
	const prefix = prefixes[kind];
	const selector = prefix && flagOf(`${prefix}-instance-selector`);
	if (selector && matchesSelectorText(selector.value, labels) === false)
		return selector.found;
	// It gets one where it is applied.
	if (namespace === "") return undefined;
	const only =
		(prefix && flagOf(`${prefix}-instance-namespaces`)) || flagOf("namespaces");
	if (only)
		return listOf(only.value).includes(namespace) ? undefined : only.found;
	const denied = flagOf("deny-namespaces");
	return denied && listOf(denied.value).includes(namespace)
		? denied.found
		: undefined;
}

function listOf(text: string): string[] {
	return text.split(",").map((each) => each.trim());
}
