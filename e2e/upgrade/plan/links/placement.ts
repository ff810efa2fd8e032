import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { labelSelector, selects } from "../../../clients/label-selector.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { at, textAt } from "../charts/fields.ts";
import { operatorWorkloads } from "../charts/operator-kinds.ts";
import { pair } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";
import { type Pods, podsOf } from "../targets/discovered.ts";
import { exists, nameOfPods } from "./moved-pods.ts";

/** Rules by which pods are spread over nodes or kept near to others, and whose selectors no longer match those pods. */
export function comparePlacement(a: Side, b: Side): Reason[] {
	const [before, after] = [podsOf(a), podsOf(b)];
	return pair(
		a,
		b,
		"Deployment",
		"DaemonSet",
		"StatefulSet",
		...operatorWorkloads,
	).both.flatMap(([old, now]) => {
		const rules = rulesIn(old);
		return rulesIn(now).flatMap((rule) => {
			const same = rules.filter(
				({ kind, topology }) =>
					kind === rule.kind && topology === rule.topology,
			);
			const kept = new Set(selectedBy(rule, now, after).map(nameOfPods));
			const lost = same
				.flatMap((each) => selectedBy(each, old, before))
				.map(nameOfPods)
				.filter((name) => !kept.has(name) && exists(name, after));
			if (lost.length === 0) return [];
			const isStuck = rule.kind === "podAffinity" && rule.isRequired;
			return [
				makeReason(
					"object-changed",
					`${nameOf(now)} ${rule.kind} ${rule.topology}`,
					`${rule.kind} of ${nameOf(now)} by ${rule.topology} no longer counts ${[...new Set(lost)].join(", ")}: its selector does not match the labels of those pods.${isStuck ? " Without such pods its own never start." : ""}`,
					{
						wayOut:
							"Let the selector match the labels that the pods have now, or give them their labels back.",
						...(isStuck && kept.size === 0 && { danger: "unsafe" }),
					},
				),
			];
		});
	});
}

interface PlacementRule {
	readonly kind:
		| "topologySpreadConstraints"
		| "podAntiAffinity"
		| "podAffinity";
	readonly topology: string;
	readonly selector: unknown;
	readonly isRequired: boolean;
}

function rulesIn(workload: Manifest): PlacementRule[] {
	const spec = operatorWorkloads.includes(workload.kind)
		? workload.spec
		: at(workload, "spec.template.spec");
	const make = (
		kind: PlacementRule["kind"],
		term: unknown,
		isRequired: boolean,
	): PlacementRule => ({
		kind,
		topology: textAt(term, "topologyKey"),
		selector: at(term, "labelSelector"),
		isRequired,
	});
	return [
		...listAt(spec, "topologySpreadConstraints").map((each) =>
			make(
				"topologySpreadConstraints",
				each,
				at(each, "whenUnsatisfiable") !== "ScheduleAnyway",
			),
		),
		...(["podAntiAffinity", "podAffinity"] as const).flatMap((kind) => {
			const terms = at(spec, ["affinity", kind]);
			return [
				...listAt(terms, "requiredDuringSchedulingIgnoredDuringExecution").map(
					(term) => make(kind, term, true),
				),
				...listAt(terms, "preferredDuringSchedulingIgnoredDuringExecution").map(
					(each) => make(kind, at(each, "podAffinityTerm"), false),
				),
			];
		}),
	];
}

/** The pods of its own namespace that a rule counts; without a selector it counts none. */
function selectedBy(
	{ selector: written }: PlacementRule,
	workload: Manifest,
	pods: readonly Pods[],
): Pods[] {
	const selector = labelSelector.safeParse(written);
	if (written === undefined || !selector.success) return [];
	return pods.filter(
		(each) =>
			each.workload.metadata.namespace === workload.metadata.namespace &&
			selects(selector.data, each.labels),
	);
}
