import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import type { Tool } from "../../tools/tool.ts";
import { monitorKinds, operatorWorkloads } from "../charts/operator-kinds.ts";
import { pairByKey } from "../charts/pairs.ts";
import { objectKey, type Side } from "../charts/side.ts";
import { isKept } from "../objects/volume-claims.ts";
import { syncOptionsOf } from "./apply.ts";

/** Kinds of which an old object beside the new one does harm: two run, or what they say counts twice. */
const active = new Set([
	...monitorKinds,
	...operatorWorkloads,
	"PrometheusRule",
	"Deployment",
	"DaemonSet",
	"StatefulSet",
	"Job",
	"CronJob",
	"Ingress",
	"HTTPRoute",
	"ValidatingWebhookConfiguration",
	"MutatingWebhookConfiguration",
]);

/** Whether Argo CD prunes an object without asking, if it prunes at all. */
export function isPrunable(object: Pick<Manifest, "metadata">): boolean {
	const options = syncOptionsOf(object);
	return !["Prune=false", "Prune=confirm"].some((each) =>
		options.includes(each),
	);
}

/** Objects that the new chart no longer has and that stay, or go although Helm would keep them. */
export function findPruning(a: Side, b: Side, tool: Tool): Reason[] {
	const { gone } = pairByKey(a.objects, b.objects, objectKey);
	// Helm and Flux delete them, and who applies what Kustomize renders is not known.
	if (tool.name !== "argo" || gone.length === 0) return [];
	if (tool.prunes)
		return gone
			.filter(isKept)
			.filter(isPrunable)
			.map((each) =>
				makeReason(
					"pruned-although-kept",
					nameOf(each),
					`${nameOf(each)} has helm.sh/resource-policy: keep, which ${tool.title} only heeds when the Application is deleted: it prunes it.`,
					{
						danger: each.kind === "PersistentVolumeClaim" ? "unsafe" : "review",
					},
				),
			);
	const doHarm = gone.filter(({ kind }) => active.has(kind));
	const condition =
		tool.prunes === undefined
			? "unless automated.prune is set"
			: "because automated.prune is not set";
	return [
		makeReason(
			"not-pruned",
			"objects",
			`${gone.length === 1 ? "An object of the old chart stays" : `${gone.length} objects of the old chart stay`} in the cluster, ${condition}${doHarm.length > 0 ? `; ${doHarm.length} of them go on working beside the new ones` : ""}.`,
			{
				evidence: [...new Set([...doHarm, ...gone])].map(nameOf),
				danger: doHarm.length > 0 ? "review" : "note",
			},
		),
	];
}
