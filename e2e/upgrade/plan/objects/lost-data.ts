import { isEqual } from "es-toolkit";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import type { ReasonId } from "../../reason-kinds.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { asObject, at, textAt } from "../charts/fields.ts";
import { pair } from "../charts/pairs.ts";
import { objectKey, type Side } from "../charts/side.ts";
import { podFieldsOf } from "../monitoring/operator-pods.ts";
import { hasVolumeClaim, usualClaimName } from "./volume-claims.ts";

/**
 * Data that is in a pod only, and goes with it when the upgrade replaces the pod.
 *
 * @param rewritten keys of workloads whose pods are replaced although their settings are the same
 */
export function compareLostData(
	a: Side,
	b: Side,
	rewritten: ReadonlySet<string>,
): Reason[] {
	return [
		...pair(a, b, "Prometheus", "Alertmanager", "ThanosRuler").both.flatMap(
			([old, now]) => {
				const isReplaced =
					operatorOf(a) !== operatorOf(b) ||
					!isEqual(podFieldsOf(old), podFieldsOf(now)) ||
					rewritten.has(objectKey(now));
				return isReplaced ? lostByOperator(old, now) : [];
			},
		),
		...pair(a, b, "Deployment", "StatefulSet").both.flatMap(([old, now]) =>
			isEqual(at(old, "spec.template"), at(now, "spec.template")) &&
			!rewritten.has(objectKey(now))
				? []
				: lostWithPods(old),
		),
	];
}

/** What is lost where a workload comes back under another name or as another kind, with new pods. */
export function lostByReplacing(old: Manifest, now: Manifest): Reason[] {
	return old.kind in kept ? lostByOperator(old, now) : lostWithPods(old);
}

/** Of a volume that is dropped another comparison tells. */
function lostByOperator(old: Manifest, now: Manifest): Reason[] {
	const keeps = (each: Manifest) => hasVolumeClaim(each) || hasOwnVolume(each);
	return keeps(old) ? [] : [lostOf(now, keeps(now))];
}

/** Where the operator mounts what a workload keeps. */
const kept: Readonly<Record<string, RegExp>> = {
	Prometheus: /^\/prometheus\/?$/,
	Alertmanager: /^\/alertmanager\/?$/,
	ThanosRuler: /^\/thanos\/data\/?$/,
};

/** Whether a person mounts a volume of their own there, such as a folder of the node, or puts one under its name. */
function hasOwnVolume(workload: Manifest): boolean {
	const name = usualClaimName(workload);
	const mounts = [workload, ...listAt(workload, "spec", "containers")].flatMap(
		(each) => [
			...listAt(each, "spec", "volumeMounts"),
			...listAt(each, "volumeMounts"),
		],
	);
	const mounted = mounts
		.filter((each) => kept[workload.kind]?.test(textAt(each, "mountPath")))
		.map((each) => at(each, "name"));
	return listAt(workload, "spec", "volumes").some(
		(each) =>
			[name, ...mounted].includes(textAt(each, "name")) &&
			!("emptyDir" in asObject(each)),
	);
}

/** @param keeps whether it has a volume from now on, which begins empty */
function lostOf(object: Manifest, keeps: boolean): Reason {
	const name = nameOf(object);
	const has = keeps ? "had no volume so far" : "has no volume";
	const details = keeps
		? { wayOut: "Accept the loss, or copy the data out of the pod before." }
		: {};
	return object.kind === "Alertmanager"
		? makeReason(
				"alertmanager-state-lost",
				name,
				`${name} ${has} and its pod is replaced: silences and the record of sent notifications are lost.`,
				details,
			)
		: makeReason(
				"prometheus-data-lost",
				name,
				`${name} ${has} and its pod is replaced: all samples that it has are lost, and the timers of pending alerts.`,
				details,
			);
}

/** The operator's image and that of the reloader in each of its pods: a change of either replaces all those pods. */
function operatorOf({ images }: Side): string {
	return images
		.filter((image) =>
			/\/prometheus-(operator|config-reloader)[:@]/.test(image),
		)
		.join(" ");
}

/** Images that keep data, where they keep it, and what is lost. */
const keepers: readonly {
	readonly image: RegExp;
	readonly path: RegExp;
	readonly id: ReasonId;
	readonly what: string;
}[] = [
	{
		image: /(^|\/)grafana(-enterprise)?[:@]/,
		path: /^\/var\/lib\/grafana\/?$/,
		id: "grafana-data-lost",
		what: "dashboards, users and alerts that were made in the browser",
	},
	{
		image: /(^|\/)alertmanager[:@]/,
		path: /^\/(alertmanager|data)\/?$/,
		id: "alertmanager-state-lost",
		what: "silences and the record of sent notifications",
	},
	{
		image: /(^|\/)(loki|enterprise-logs)[:@]/,
		path: /^\/(var\/loki|loki|data|tmp\/loki)/,
		id: "data-on-emptydir-lost",
		what: "logs that are not in the object store yet, and its rules' state",
	},
	{
		image: /(^|\/)(prometheus|thanos|tempo|mimir)[:@]/,
		path: /^\/(prometheus|data|var\/thanos|var\/tempo)/,
		id: "data-on-emptydir-lost",
		what: "its data",
	},
];

function lostWithPods(workload: Manifest): Reason[] {
	const spec = at(workload, "spec.template.spec");
	const volatile = new Set(
		listAt(spec, "volumes")
			.filter((each) => "emptyDir" in asObject(each))
			.map((each) => at(each, "name")),
	);
	return listAt(spec, "containers").flatMap((container) => {
		const keeper = keepers.find(({ image }) =>
			image.test(textAt(container, "image")),
		);
		const mount = listAt(container, "volumeMounts").find(
			(each) =>
				volatile.has(at(each, "name")) &&
				keeper?.path.test(textAt(each, "mountPath")),
		);
		return keeper && mount
			? [
					makeReason(
						keeper.id,
						nameOf(workload),
						`${nameOf(workload)} has no volume at ${textAt(mount, "mountPath")} and its pods are replaced: ${keeper.what} are lost.`,
					),
				]
			: [];
	});
}
