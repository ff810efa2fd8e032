import type { Manifest } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { parseQuantity } from "../../../common/sizes.ts";
import { asObject, at, textAt } from "../charts/fields.ts";
import { unreadableAmounts } from "./readable-amounts.ts";

/** What the API server refuses although every field by itself is right: its own validation, which no schema has. */
export function brokenRules(object: Manifest): string[] {
	return rules.flatMap((rule) => rule(object));
}

type Rule = (object: Manifest) => string[];

const rules: readonly Rule[] = [
	validLabels,
	validName,
	oneBoundOfDisruption,
	noRollingUpdateWhenRecreating,
	selectorOfOwnPods,
	validContainers,
	validPorts,
	validData,
	unreadableAmounts,
];

function validLabels({ metadata, ...object }: Manifest): string[] {
	const places = [
		["metadata.labels", metadata.labels],
		[
			"spec.template.metadata.labels",
			at(object, "spec.template.metadata.labels"),
		],
	] as const;
	return places.flatMap(([place, labels]) =>
		Object.entries(asObject(labels)).flatMap(([name, value]) => {
			if (!/^([\w.-]+\/)?\w([\w.-]{0,61}\w)?$/.test(name))
				return [`${place}: ${name} is no name for a label`];
			const isValid =
				typeof value !== "string" || /^(\w([\w.-]{0,61}\w)?)?$/.test(value);
			return isValid
				? []
				: [
						`${place}.${name} is "${String(value)}", and a label may hold 63 letters, digits, -, _ and . at most`,
					];
		}),
	);
}

function validName({ kind, metadata: { name } }: Manifest): string[] {
	// Roles may have names such as system:node.
	if (/^(Cluster)?Role(Binding)?$/.test(kind)) return [];
	return name.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)
		? []
		: [
				`metadata.name is "${name}", and must be lower-case letters, digits, - and .`,
			];
}

function oneBoundOfDisruption(object: Manifest): string[] {
	const { minAvailable, maxUnavailable } = asObject(object.spec);
	return object.kind === "PodDisruptionBudget" &&
		isSet(minAvailable) &&
		isSet(maxUnavailable)
		? [
				"spec has both minAvailable and maxUnavailable, and may have one of them",
			]
		: [];
}

function noRollingUpdateWhenRecreating(object: Manifest): string[] {
	return object.kind === "Deployment" &&
		at(object, "spec.strategy.type") === "Recreate" &&
		isSet(at(object, "spec.strategy.rollingUpdate"))
		? ["spec.strategy.rollingUpdate may not be set when the type is Recreate"]
		: [];
}

function selectorOfOwnPods(object: Manifest): string[] {
	if (!["Deployment", "DaemonSet", "StatefulSet"].includes(object.kind))
		return [];
	const labels = asObject(at(object, "spec.template.metadata.labels"));
	return Object.entries(asObject(at(object, "spec.selector.matchLabels")))
		.filter(([name, value]) => labels[name] !== value)
		.map(
			([name, value]) =>
				`spec.selector wants ${name}=${String(value)}, which the pods' own labels do not have`,
		);
}

function validContainers(object: Manifest): string[] {
	const spec =
		at(object, "spec.template.spec") ??
		at(object, "spec.jobTemplate.spec.template.spec") ??
		(object.kind === "Pod" ? object.spec : undefined);
	if (spec === undefined) return [];
	const volumes = [
		...listAt(spec, "volumes").map((each) => textAt(each, "name")),
		...listAt(object, "spec", "volumeClaimTemplates").map((each) =>
			textAt(each, "metadata.name"),
		),
	];
	const containers = [
		...listAt(spec, "initContainers"),
		...listAt(spec, "containers"),
	];
	return [
		...twice(volumes).map((name) => `two volumes are called ${name}`),
		...twice(containers.map((each) => textAt(each, "name"))).map(
			(name) => `two containers are called ${name}`,
		),
		...containers.flatMap((each) => {
			const name = textAt(each, "name");
			const mounts = listAt(each, "volumeMounts");
			return [
				...mounts
					.map((mount) => textAt(mount, "name"))
					.filter((volume) => !volumes.includes(volume))
					.map(
						(volume) =>
							`the container ${name} mounts ${volume}, which is no volume of the pod`,
					),
				...twice(mounts.map((mount) => textAt(mount, "mountPath"))).map(
					(path) => `the container ${name} mounts two volumes at ${path}`,
				),
				...moreThanLimit(each).map(
					(resource) =>
						`the container ${name} asks for more ${resource} than its limit`,
				),
			];
		}),
	];
}

function moreThanLimit(container: unknown): string[] {
	const limits = asObject(at(container, "resources.limits"));
	return Object.entries(asObject(at(container, "resources.requests")))
		.filter(([resource, asked]) => {
			const limit = limits[resource];
			if (!isSet(limit)) return false;
			try {
				return parseQuantity(String(asked)) > parseQuantity(String(limit));
			} catch {
				// The schema's business.
				return false;
			}
		})
		.map(([resource]) => resource);
}

function validPorts(object: Manifest): string[] {
	if (object.kind !== "Service") return [];
	const ports = listAt(object, "spec", "ports");
	const named = ports.map((each) => textAt(each, "name"));
	const numbers = ports.map(
		(each) =>
			`${String(at(each, "port"))}/${textAt(each, "protocol") || "TCP"}`,
	);
	return [
		...twice(named.filter(Boolean)).map(
			(name) => `two ports are called ${name}`,
		),
		...twice(numbers).map((port) => `the port ${port} is there twice`),
		...(ports.length > 1 && named.includes("")
			? ["with several ports, each needs a name"]
			: []),
		...ports
			.map((each) => at(each, "port"))
			.filter((port) => !(Number(port) >= 1 && Number(port) <= 65535))
			.map((port) => `${String(port)} is no port`),
	];
}

/** etcd's limit for one object. */
const mostBytes = 1024 * 1024;

function validData(object: Manifest): string[] {
	if (!["ConfigMap", "Secret"].includes(object.kind)) return [];
	const data = Object.entries(asObject(object.data));
	const bytes = data.reduce(
		(sum, [, each]) => sum + Buffer.byteLength(String(each)),
		0,
	);
	return [
		...(bytes > mostBytes
			? [`its data has ${bytes} bytes, and may have ${mostBytes}`]
			: []),
		...data
			.filter(
				([, each]) =>
					object.kind === "Secret" &&
					typeof each === "string" &&
					!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(each),
			)
			.map(([key]) => `data.${key} is not base64`),
		...data
			.filter(([key]) => !/^[-._a-zA-Z0-9]+$/.test(key))
			.map(([key]) => `${key} is no key for data`),
	];
}

function isSet(value: unknown): boolean {
	return value !== undefined && value !== null;
}

function twice(list: readonly string[]): string[] {
	return [...new Set(list.filter((each, i) => list.indexOf(each) !== i))];
}
