import { z } from "zod";
import { kubeObject } from "../../clients/kube-objects.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import type { ScrapeConfig } from "../../clients/prometheus-schemas.ts";
import { GoRegex } from "../../common/go-regex.ts";
import type { TracedRule } from "../../common/relabelling/label-origins.ts";
import { makeExamples } from "../../common/relabelling/regex-examples.ts";
import { listOwnRules } from "../own-rules.ts";
import { imagePattern, type PromisedComponent } from "../promised-targets.ts";
import { describeTracedRule, type RelabelRule } from "../relabel-rule.ts";

const expressions = z
	.array(
		z.looseObject({
			key: z.string(),
			operator: z.string(),
			values: z.array(z.string()).default([]),
		}),
	)
	.default([]);
type Expression = z.infer<typeof expressions>[number];

const daemonSet = kubeObject.extend({
	spec: z.looseObject({
		template: z.looseObject({
			spec: z.looseObject({
				containers: z.array(z.looseObject({ image: z.string().default("") })),
				nodeSelector: z.record(z.string(), z.string()).default({}),
				affinity: z
					.looseObject({
						nodeAffinity: z
							.looseObject({
								requiredDuringSchedulingIgnoredDuringExecution: z
									.looseObject({
										nodeSelectorTerms: z.array(
											z.looseObject({
												matchExpressions: expressions,
												matchFields: expressions,
											}),
										),
									})
									.optional(),
							})
							.optional(),
					})
					.optional(),
			}),
		}),
	}),
});
/** A DaemonSet, as far as it says on which nodes its pods run. */
export type PlacedDaemonSet = z.infer<typeof daemonSet>;

/** All of the cluster. */
export function listDaemonSets(kube: KubeClient): Promise<PlacedDaemonSet[]> {
	return kube.list({ apiVersion: "apps/v1", kind: "DaemonSet" }, daemonSet);
}

/** What tells nodes apart: their names, addresses and labels. */
const ofNode =
	/^(__meta_kubernetes_(node_.+|pod_(node_name|host_ip|ip)|endpoint_node_name|endpointslice_endpoint_(hostname|node_name|topology_.+|zone))|__address__|instance|node)$/;

/**
 * A sentence for each rule by which the pools of a component leave out nodes, of this cluster or of another one: the
 * homelab has other nodes than the test. None if one of its pools takes every node.
 */
export function findNodesLeftOut(
	component: string,
	pools: readonly string[],
	configs: readonly ScrapeConfig[],
): string[] {
	const rules = pools.map((pool) => ({
		pool,
		own: listOwnRules(pool, configs).filter(leavesOutNodes),
	}));
	if (rules.some(({ own }) => own.length === 0)) return [];
	return rules.flatMap(({ pool, own }) =>
		own.map(
			(rule) =>
				`${component}: relabelling of ${pool} leaves out nodes: ${describeTracedRule(rule)}. The homelab promises it on every node`,
		),
	);
}

function leavesOutNodes({ rule, origins }: TracedRule<RelabelRule>): boolean {
	if (!origins.some((label) => ofNode.test(label))) return false;
	const { action, source_labels, separator, regex = "(.*)" } = rule;
	// What takes any node, or leaves out targets that are on none, leaves out no node.
	const anything = source_labels.map(() => "any-node").join(separator);
	if (/^keep$/i.test(action)) return !GoRegex.whole(regex).test(anything);
	if (!/^drop$/i.test(action)) return true;
	const examples = makeExamples(regex);
	return (
		examples.length === 0 ||
		examples.some((each) => each.replaceAll(separator, "") !== "")
	);
}

/**
 * A sentence for each DaemonSet of a component that does not run on every node, by its own settings, whichever nodes there
 * are. None if another DaemonSet does.
 */
export function findBoundDaemonSets(
	{ component, image }: Pick<PromisedComponent, "component" | "image">,
	all: readonly PlacedDaemonSet[],
): string[] {
	if (image === undefined) return [];
	const pattern = imagePattern(image);
	const own = all
		.filter(({ spec }) =>
			spec.template.spec.containers.some((each) => pattern.test(each.image)),
		)
		.map(({ metadata, spec }) => ({
			name: `${metadata.namespace}/${metadata.name}`,
			bounds: listBounds(spec.template.spec),
		}));
	if (own.some(({ bounds }) => bounds.length === 0)) return [];
	return own.map(
		({ name, bounds }) =>
			`${component}: DaemonSet ${name} does not run on every node: it has ${bounds.join(", ")}`,
	);
}

function listBounds({
	nodeSelector,
	affinity,
}: PlacedDaemonSet["spec"]["template"]["spec"]): string[] {
	const required =
		affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
	// One of the terms is enough for a node.
	const terms = (required?.nodeSelectorTerms ?? []).map(
		({ matchExpressions, matchFields }) => [
			...matchExpressions.filter(isBound),
			...matchFields.filter(isBound),
		],
	);
	return [
		...Object.entries(nodeSelector)
			.filter(([key, value]) =>
				isBound({ key, operator: "In", values: [value] }),
			)
			.map(([key, value]) => `nodeSelector ${key}=${value}`),
		...(terms.every((each) => each.length > 0)
			? terms
					.flat()
					.map(
						({ key, operator, values }) =>
							`a required node affinity ${[key, operator, values.join(" or ")].filter(Boolean).join(" ")}`,
					)
			: []),
	];
}

/** Nodes of another operating system, and such as are no machines, cannot run it. The public chart leaves those out. */
function isBound({ key, operator, values }: Expression): boolean {
	const isSystem = /^(beta\.)?kubernetes\.io\/os$/.test(key);
	const isVirtual =
		operator === "NotIn" &&
		values.every((value) => /^(fargate|virtual-kubelet)$/.test(value));
	return !isSystem && !isVirtual;
}
