import { isEqual, omit } from "es-toolkit";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import type { ReasonId } from "../../reason-kinds.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { changedKinds } from "../charts/changed-kinds.ts";
import {
	monitorKinds,
	operatorWorkloads,
	podWorkloads,
} from "../charts/operator-kinds.ts";
import { pairByKey, takeRenamed } from "../charts/pairs.ts";
import { renamingOf, takeRenamedTogether } from "../charts/renaming.ts";
import { objectKey, type Side } from "../charts/side.ts";
import { withoutVersions } from "../charts/version-labels.ts";
import { isDashboard } from "../grafana/dashboard-content.ts";
import { lostByReplacing } from "./lost-data.ts";
import { movedDataOf } from "./moved-data.ts";
import { hasVolumeClaim, isKept } from "./volume-claims.ts";

const workloads = [...podWorkloads, ...operatorWorkloads];

/** Kinds that other comparisons look at, or that only serve another object. */
const elsewhere = new Set([
	...monitorKinds,
	"PrometheusRule",
	"ServiceAccount",
	"Role",
	"RoleBinding",
	"ClusterRole",
	"ClusterRoleBinding",
]);

const configurations = new Set(["ConfigMap", "Secret"]);

/** Objects that are removed, added or renamed. */
export function compareObjects(a: Side, b: Side): Reason[] {
	const seen = ({ objects }: Side) =>
		objects.filter((each) => !elsewhere.has(each.kind) && !isDashboard(each));
	const { gone, added } = pairByKey(seen(a), seen(b), objectKey);
	const renamed = [
		...takeRenamedTogether(gone, added, renamingOf(a, b)),
		...takeRenamed(gone, added, essence),
	].map(([old, now]) => describeRenamed(old, now));
	const takeFollowing = ({ metadata: { name, namespace } }: Manifest) => {
		const following = gone.filter(
			({ kind, metadata }) =>
				!workloads.includes(kind) &&
				metadata.namespace === namespace &&
				metadata.name.startsWith(name),
		);
		for (const each of following) gone.splice(gone.indexOf(each), 1);
		return { consequences: following.map(describeGone) };
	};
	const others = changedKinds(gone, added).map(([old, now]) => {
		gone.splice(gone.indexOf(old), 1);
		added.splice(added.indexOf(now), 1);
		return describeOtherKind(old, now, takeFollowing(old).consequences);
	});
	const causes = gone.filter(({ kind }) => workloads.includes(kind));
	const lost = causes.map((workload) =>
		makeReason(
			"workload-gone",
			nameOf(workload),
			`${nameOf(workload)} is removed.`,
			takeFollowing(workload),
		),
	);
	return [
		...others,
		...lost,
		...renamed,
		...gone.filter(({ kind }) => !workloads.includes(kind)).map(describeGone),
		...(added.length > 0
			? [
					makeReason(
						"object-added",
						"objects",
						`${added.length === 1 ? "An object is" : `${added.length} objects are`} new.`,
						{ evidence: added.map(nameOf) },
					),
				]
			: []),
	];
}

/** @param following what is removed with it */
function describeOtherKind(
	old: Manifest,
	now: Manifest,
	following: readonly Reason[],
): Reason {
	const isOnFewerNodes = old.kind === "DaemonSet";
	return makeReason(
		"object-renamed",
		nameOf(old),
		[
			`${nameOf(old)} is now a ${now.kind}: its pods are deleted, and new ones made.`,
			...(isOnFewerNodes
				? [
						"It ran on every node, and now runs on as many as it has replicas: what it did on the others is not done any more.",
					]
				: []),
		].join(" "),
		{
			consequences: [...following, ...dataOfReplaced(old, now)],
			danger: isOnFewerNodes ? "unsafe" : "review",
			wayOut: isOnFewerNodes
				? "Keep the kind that it had, unless it does the same for all nodes from any of them."
				: "Keep the kind that it had, or copy the data that it needs before: what is only in its pods is lost.",
		},
	);
}

/** What becomes of the data of a workload under another name, or as another kind. */
function dataOfReplaced(old: Manifest, now: Manifest): Reason[] {
	return workloads.includes(old.kind)
		? [...movedDataOf(old, now), ...lostByReplacing(old, now)]
		: [];
}

function describeGone(object: Manifest): Reason {
	const name = nameOf(object);
	return makeReason(idOfLoss(object), name, `${name} is removed.`);
}

function idOfLoss(object: Manifest): ReasonId {
	if (object.kind === "Service") return "service-gone";
	if (object.kind === "PersistentVolumeClaim" && !isKept(object))
		return "volume-claim-gone";
	return configurations.has(object.kind) ? "configuration-gone" : "object-gone";
}

function describeRenamed(old: Manifest, now: Manifest): Reason {
	const loss = idOfLoss(old);
	const matters = loss === "service-gone" || loss === "volume-claim-gone";
	const hadClaim = hasVolumeClaim(old);
	const id = hadClaim ? "data-left-behind" : "object-renamed";
	const data = hadClaim
		? `; its data stays in the old volume claim${hasVolumeClaim(now) ? "" : ", and it has no volume claim any more"}`
		: "";
	return makeReason(
		matters ? loss : id,
		nameOf(old),
		`${nameOf(old)} is now ${nameOf(now)}${data}.`,
		{ consequences: dataOfReplaced(old, now) },
	);
}

/** What identifies an object under another name. A workload with a volume claim is the same even if its settings differ. */
function essence(object: Manifest): string {
	if (hasVolumeClaim(object)) return object.kind;
	const { name } = object.metadata;
	const { spec, ...rest } = withoutVersions(object);
	const content = { spec, ...omit(rest, ["metadata"]) };
	if (isEqual(content, {})) return "";
	return JSON.stringify(content).replaceAll(name, "*");
}
