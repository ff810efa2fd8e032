import { memoize, pick } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { asObject, at, textAt } from "../charts/fields.ts";
import { operatorWorkloads } from "../charts/operator-kinds.ts";
import { builtInSchema } from "./built-in-schemas.ts";
import { resourceProblems } from "./rules/containers.ts";
import { labelProblems } from "./rules/metadata.ts";
import { placementProblems } from "./rules/pods.ts";
import { schemaErrors } from "./schema-errors.ts";

/** What the operator copies into the pods. It patches their containers, so those are left to it. */
const copied = [
	"affinity",
	"dnsConfig",
	"dnsPolicy",
	"hostAliases",
	"imagePullSecrets",
	"nodeSelector",
	"securityContext",
	"tolerations",
	"topologySpreadConstraints",
	"volumes",
] as const;

/**
 * What the API server says against the pods that the operator makes of an object, although its CRD allows it: the
 * operator's schema has no list of allowed values for most of what it copies.
 */
export const operatedPodProblems = memoize((object: Manifest): string[] => {
	if (
		!object.apiVersion.startsWith("monitoring.coreos.com/") ||
		!operatorWorkloads.includes(object.kind)
	)
		return [];
	const spec = pick(asObject(object.spec), copied);
	const schema = builtInSchema("v1", "PodSpec");
	return [
		...(schema
			? schemaErrors(
					{ spec },
					{ properties: { spec: { ...schema, required: [] } } },
				)
			: []),
		...placementProblems(spec),
		...labelProblems(spec.nodeSelector, "spec.nodeSelector"),
		...labelProblems(
			at(object, "spec.podMetadata.labels"),
			"spec.podMetadata.labels",
		),
		...["spec", "spec.thanos"].flatMap((path) =>
			resourceProblems(at(object, path)).map(
				(problem) => `the container of ${path} ${problem}`,
			),
		),
		...listAt(object, "spec", "additionalArgs")
			.map((each) => textAt(each, "name"))
			.filter((name) => ownFlags[object.kind]?.includes(name))
			.map(
				(name) =>
					`spec.additionalArgs sets ${name}, which the operator sets itself`,
			),
	];
});

/** Flags that the operator always sets: it makes no pods for an object that sets them, too. */
const ownFlags: Readonly<Record<string, readonly string[]>> = {
	Prometheus: [
		"config.file",
		"storage.tsdb.path",
		"web.enable-lifecycle",
		"web.route-prefix",
	],
	Alertmanager: [
		"config.file",
		"storage.path",
		"data.retention",
		"web.route-prefix",
	],
};
