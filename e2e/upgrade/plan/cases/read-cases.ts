import { readdirSync, readFileSync } from "node:fs";
import { z } from "zod";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { parseYaml } from "../../../common/parsing/yaml-documents.ts";
import { projectPath } from "../../../common/paths.ts";
import { makeArgo } from "../../tools/argo.ts";
import { makeTool, type ToolChoice } from "../../tools/choice.ts";
import { makeFlux } from "../../tools/flux.ts";
import { toolNames } from "../../tools/tool.ts";
import { crd } from "../charts/crd-schema.ts";
import { dataOf } from "../charts/data.ts";
import { objectKey, type Side } from "../charts/side.ts";

/** An object in short: its API version is that of its kind, its namespace `monitoring`. */
export const shortObject = z.looseObject({
	kind: z.string(),
	name: z.string(),
	apiVersion: z.string().optional(),
	namespace: z.string().optional(),
	labels: z.record(z.string(), z.unknown()).optional(),
	annotations: z.record(z.string(), z.string()).optional(),
	/** The length of a text in its data. */
	bytes: z.number().optional(),
});

const halfOfCase = z.strictObject({
	objects: z.array(shortObject).default([]),
	hooks: z.array(shortObject).default([]),
	companions: z.array(shortObject).default([]),
	/** Names of the CRDs that are in templates. */
	templatedCrds: z.array(z.string()).default([]),
	images: z.array(z.string()).default([]),
	version: z.string().default("1.0.0"),
	kubeVersion: z.string().default(""),
	cluster: z.string().default("1.34.1"),
	values: z.record(z.string(), z.unknown()).default({}),
	text: z.string().default(""),
	/** Objects that differ each time, each with the entries that do, such as `Secret/monitoring/a password`; all if it names none. */
	unstable: z.array(z.string()).default([]),
});
const comparisonCase = z.strictObject({
	id: z.string().regex(/^[a-z0-9-]+$/),
	/** On both sides. */
	both: z.array(shortObject).default([]),
	before: halfOfCase.prefault({}),
	after: halfOfCase.prefault({}),
	/** What the upgrade is done with; with a spec it is one that a repository has. */
	with: z
		.strictObject({
			tool: z.enum(toolNames),
			/** Of a HelmRelease or an Application. */
			spec: z.record(z.string(), z.unknown()).optional(),
			/** Of an Application's source. */
			helm: z.record(z.string(), z.unknown()).default({}),
			/** The same before the change, if it differs. */
			oldHelm: z.record(z.string(), z.unknown()).optional(),
			crdsSource: z
				.strictObject({
					name: z.string().default("prometheus-operator-crds"),
					...{ before: z.string(), after: z.string() },
				})
				.optional(),
		})
		.optional(),
	/** Every reason as `id`, or `cause > id`. */
	expect: z.array(z.string()),
});
export type ComparisonCase = z.infer<typeof comparisonCase>;

const folder = projectPath("e2e/upgrade/plan/cases");

/** The tables of cases, by the name of their file. */
export function readCases(): Map<string, ComparisonCase[]> {
	return new Map(
		readdirSync(folder)
			.filter((file) => file.endsWith(".yaml"))
			.map((file) => [
				file.replace(".yaml", ""),
				z.array(comparisonCase).parse(
					parseYaml(readFileSync(`${folder}/${file}`, "utf8"), {
						merge: true,
					}),
				),
			]),
	);
}

/** What a case is upgraded with; undefined if it does not say. */
export function choiceOfCase({
	with: wanted,
}: Pick<ComparisonCase, "with">): ToolChoice | undefined {
	if (!wanted) return undefined;
	const { tool: name, spec, helm, oldHelm, crdsSource } = wanted;
	const settings = {
		place: { file: "stack.yaml", line: 1 },
		name: "stack",
		namespace: "monitoring",
	};
	const made =
		spec && name === "flux"
			? makeFlux(spec, { ...settings, kind: "HelmRelease" })
			: spec && name === "argo"
				? makeArgo(spec, helm, { ...settings, kind: "Application" })
				: makeTool(name);
	const before = oldHelm
		? makeArgo(spec ?? {}, oldHelm, { ...settings, kind: "Application" })
		: made;
	return { tool: made, isNamed: spec === undefined, before, crdsSource };
}

/** The two sides of a case. */
export function sidesOf({ both, before, after }: ComparisonCase): {
	before: Side;
	after: Side;
} {
	return { before: makeSide(both, before), after: makeSide(both, after) };
}

/** A side of a case; what it does not say is empty. */
export function makeSide(
	both: readonly z.infer<typeof shortObject>[],
	half: z.input<typeof halfOfCase>,
): Side {
	const { objects, hooks, companions, unstable, ...rest } =
		halfOfCase.parse(half);
	const all = [...both, ...objects].map(makeManifest);
	return {
		...rest,
		crds: all.flatMap((each) => {
			const found = crd.safeParse(each);
			return found.success ? [found.data] : [];
		}),
		objects: all.filter(({ kind }) => kind !== "CustomResourceDefinition"),
		hooks: hooks.map(makeManifest),
		companions: companions.map(makeManifest),
		unstable: new Map(
			unstable.map((each) => {
				const [key = "", ...entries] = each.split(" ");
				const object = all.find((one) => objectKey(one) === key);
				const own = object ? [...dataOf(object).keys()] : [];
				return [key, new Set(entries.length > 0 ? entries : own)];
			}),
		),
		randomChecksums: new Set(),
	};
}

const apiVersions: Readonly<Record<string, string>> = {
	Deployment: "apps/v1",
	DaemonSet: "apps/v1",
	StatefulSet: "apps/v1",
	Job: "batch/v1",
	Ingress: "networking.k8s.io/v1",
	NetworkPolicy: "networking.k8s.io/v1",
	PodDisruptionBudget: "policy/v1",
	ClusterRole: "rbac.authorization.k8s.io/v1",
	ClusterRoleBinding: "rbac.authorization.k8s.io/v1",
	Role: "rbac.authorization.k8s.io/v1",
	RoleBinding: "rbac.authorization.k8s.io/v1",
	ValidatingWebhookConfiguration: "admissionregistration.k8s.io/v1",
	CustomResourceDefinition: "apiextensions.k8s.io/v1",
	...Object.fromEntries(
		[
			"Prometheus",
			"Alertmanager",
			"ThanosRuler",
			"ServiceMonitor",
			"PodMonitor",
			"Probe",
			"PrometheusRule",
		].map((kind) => [kind, "monitoring.coreos.com/v1"]),
	),
};

function makeManifest({
	kind,
	name,
	apiVersion = apiVersions[kind] ?? "v1",
	namespace = /^Cluster|Definition$|WebhookConfiguration$/.test(kind)
		? undefined
		: "monitoring",
	labels,
	annotations,
	bytes,
	...content
}: z.infer<typeof shortObject>): Manifest {
	const metadata = {
		name,
		...(namespace !== undefined && { namespace }),
		...(labels && { labels: asWritten(labels) }),
		...(annotations && { annotations }),
	};
	const data = bytes === undefined ? {} : { data: { text: "x".repeat(bytes) } };
	return { ...content, ...data, apiVersion, kind, metadata };
}

/** A label that is a number is refused by the API server, and a case may have one. */
function asWritten(labels: Record<string, unknown>): Record<string, string> {
	return JSON.parse(JSON.stringify(labels));
}
