import { isEqual } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { asObject, at, textAt } from "../charts/fields.ts";

/** What may keep the pods of a workload from running where they ran, with sentences that go on after another. */
export function worseIn(old: Manifest, now: Manifest): string[] {
	const [before, after] = [old, now].map((each) =>
		at(each, "spec.template.spec"),
	);
	return [
		...lostTolerations(before, after),
		...newDemands(before, after),
		...lostPullSecrets(before, after),
		...otherUser(before, after),
	];
}

function lostTolerations(before: unknown, after: unknown): string[] {
	return losesTolerations(before, after)
		? [
				"They no longer tolerate some taints, so they do not run on nodes that have them.",
			]
		: [];
}

/** Whether pods no longer tolerate what they did, by their specs or those of the operator's objects. */
export function losesTolerations(before: unknown, after: unknown): boolean {
	const kept = listAt(after, "tolerations");
	return listAt(before, "tolerations").some(
		(each) => !kept.some((other) => tolerates(other, each)),
	);
}

/** Whether a toleration allows all that another does. Without a key or an effect it allows any. */
function tolerates(one: unknown, other: unknown): boolean {
	const isAsWide = (field: string) =>
		textAt(one, field) === "" || textAt(one, field) === textAt(other, field);
	const isOfAnyValue = textAt(one, "operator") === "Exists";
	return (
		isAsWide("key") &&
		isAsWide("effect") &&
		(isOfAnyValue ||
			(textAt(other, "operator") !== "Exists" &&
				textAt(one, "value") === textAt(other, "value"))) &&
		isEqual(at(one, "tolerationSeconds"), at(other, "tolerationSeconds"))
	);
}

/** Labels that every node has with the same value, as a rule. */
const ofAnyNode = /^(beta\.)?kubernetes\.io\/os$/;

function newDemands(before: unknown, after: unknown): string[] {
	const old = asObject(at(before, "nodeSelector"));
	const labels = Object.entries(asObject(at(after, "nodeSelector")))
		.filter(([name, value]) => old[name] !== value && !ofAnyNode.test(name))
		.map(([name, value]) => `${name}=${String(value)}`);
	return [
		...(labels.length === 0
			? []
			: [`They only run on nodes with ${labels.join(", ")}.`]),
		...(isEqual(demandsOf(before), demandsOf(after)) ||
		demandsOf(after).length === 0
			? []
			: ["Their affinity demands other nodes."]),
	];
}

/** The terms of a required node affinity, one of which a node must match, without what every node of a homelab does. */
function demandsOf(spec: unknown): unknown[] {
	const terms = listAt(
		spec,
		"affinity",
		"nodeAffinity",
		"requiredDuringSchedulingIgnoredDuringExecution",
		"nodeSelectorTerms",
	).map((term) => ({
		...asObject(term),
		matchExpressions: listAt(term, "matchExpressions").filter(
			(each) => !keepsAwayFromClouds(each),
		),
	}));
	const isMatchedByAll = terms.some(
		(term) =>
			term.matchExpressions.length === 0 &&
			listAt(term, "matchFields").length === 0,
	);
	return isMatchedByAll ? [] : terms;
}

/** Whether it only leaves out machines that clouds make up, such as those of AWS Fargate and virtual kubelets. */
function keepsAwayFromClouds(expression: unknown): boolean {
	const key = textAt(expression, "key");
	const isOfClouds =
		/^(eks\.amazonaws\.com|cloud\.google\.com|kubernetes\.azure\.com)\//.test(
			key,
		) ||
		(key === "type" &&
			isEqual(listAt(expression, "values"), ["virtual-kubelet"]));
	return isOfClouds && textAt(expression, "operator") === "NotIn";
}

function lostPullSecrets(before: unknown, after: unknown): string[] {
	const names = (spec: unknown) =>
		listAt(spec, "imagePullSecrets").map((each) => textAt(each, "name"));
	const lost = names(before).filter((name) => !names(after).includes(name));
	return lost.length === 0
		? []
		: [
				`They no longer have the pull secret ${lost.join(", ")}, without which a private registry refuses them.`,
			];
}

/** Another user may not read what is on the volume. */
function otherUser(before: unknown, after: unknown): string[] {
	const hasVolume = listAt(after, "volumes").some(
		(each) => at(each, "persistentVolumeClaim") !== undefined,
	);
	const changed = ["runAsUser", "runAsGroup", "fsGroup"].filter((field) => {
		const from = at(before, `securityContext.${field}`);
		return from !== undefined && from !== at(after, `securityContext.${field}`);
	});
	return hasVolume && changed.length > 0
		? [
				`They run as another user (${changed.join(", ")}), who may not read what is on their volume.`,
			]
		: [];
}
