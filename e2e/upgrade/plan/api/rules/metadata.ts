import { builtInKinds } from "../../../../clients/api-server/built-in-kinds.ts";
import type { Manifest } from "../../../../clients/kube-objects.ts";
import { listAt } from "../../../../common/parsing/yaml-map.ts";
import { asObject, at } from "../../charts/fields.ts";
import {
	isDnsLabel,
	isLabelValue,
	isQualifiedName,
	isServiceName,
	isSubdomain,
} from "./names.ts";

/** What the API server says against an object's name, labels and annotations, and those of its pods and volume claims. */
export function metadataProblems(object: Manifest, cluster: string): string[] {
	return [
		...nameProblems(object, cluster),
		...metadataPlaces(object).flatMap(([place, metadata]) => [
			...labelProblems(at(metadata, "labels"), `${place}.labels`),
			...annotationProblems(
				at(metadata, "annotations"),
				`${place}.annotations`,
			),
		]),
		...labelPlaces(object).flatMap(([place, labels]) =>
			labelProblems(labels, place),
		),
	];
}

function metadataPlaces({
	metadata,
	...object
}: Manifest): [place: string, metadata: unknown][] {
	// What custom kinds have there is their operator's business.
	if (!builtInKinds(object.apiVersion)) return [["metadata", metadata]];
	const templates = [
		"spec.template.metadata",
		"spec.jobTemplate.metadata",
		"spec.jobTemplate.spec.template.metadata",
	];
	return [
		["metadata", metadata],
		...templates.map((place): [string, unknown] => [place, at(object, place)]),
		...listAt(object, "spec", "volumeClaimTemplates").map(
			(each, i): [string, unknown] => [
				`spec.volumeClaimTemplates.${i}.metadata`,
				at(each, "metadata"),
			],
		),
	];
}

/** Where built-in kinds select by labels. */
function labelPlaces(object: Manifest): [place: string, labels: unknown][] {
	if (!builtInKinds(object.apiVersion)) return [];
	const places = [
		...(object.kind === "Service" ? ["spec.selector"] : []),
		"spec.selector.matchLabels",
		"spec.podSelector.matchLabels",
		"spec.template.spec.nodeSelector",
		"spec.jobTemplate.spec.template.spec.nodeSelector",
	];
	return places.map((place) => [place, at(object, place)]);
}

/** Text only: the schema says what is no text. */
export function labelProblems(labels: unknown, place: string): string[] {
	return Object.entries(asObject(labels)).flatMap(([name, value]) => {
		if (!isQualifiedName(name))
			return [`${place}: ${name} is no name for a label`];
		return typeof value !== "string" || isLabelValue(value)
			? []
			: [
					`${place}.${name} is "${value}", and a label may hold 63 letters, digits, -, _ and . at most`,
				];
	});
}

const mostBytesOfAnnotations = 256 * 1024;

function annotationProblems(annotations: unknown, place: string): string[] {
	const own = Object.entries(asObject(annotations));
	const bytes = own.reduce(
		(sum, [name, value]) =>
			sum + Buffer.byteLength(name) + Buffer.byteLength(String(value)),
		0,
	);
	return [
		...own
			.filter(([name]) => !isQualifiedName(name.toLowerCase()))
			.map(([name]) => `${place}: "${name}" is no name for an annotation`),
		...(bytes > mostBytesOfAnnotations
			? [`${place} has ${bytes} bytes, and may have ${mostBytesOfAnnotations}`]
			: []),
	];
}

/** The longest names where they are shorter than usual: names of pods or labels are made from them. */
const longest: Readonly<Record<string, number>> = { CronJob: 52, Job: 63 };
/** Their names may have any form that fits into a path, such as `system:node`. */
const freelyNamed = /^(Cluster)?Role(Binding)?$/;

function nameProblems(
	{ apiVersion, kind, metadata: { name } }: Manifest,
	cluster: string,
): string[] {
	if (freelyNamed.test(kind)) return [];
	const most = apiVersion.startsWith("batch/") ? longest[kind] : undefined;
	if (most !== undefined && name.length > most)
		return [
			`metadata.name has ${name.length} characters, and that of a ${kind} may have ${most}`,
		];
	const isOwnService = kind === "Service" && apiVersion === "v1";
	if (isOwnService && !mayBeginWithDigit(cluster) && !isServiceName(name))
		return [
			`metadata.name is "${name}", and that of a Service must be at most 63 lower-case letters, digits and -, and begin with a letter`,
		];
	if ((isOwnService || kind === "Namespace") && !isDnsLabel(name))
		return [
			`metadata.name is "${name}", and must be at most 63 lower-case letters, digits and -`,
		];
	return isSubdomain(name)
		? []
		: [
				`metadata.name is "${name}", and must be lower-case letters, digits, - and .`,
			];
}

/** Since 1.35 it may. */
function mayBeginWithDigit(cluster: string): boolean {
	return Number(cluster.split(".")[1]) >= 35;
}
