import {
	cloneDeepWith,
	isEqual,
	isPlainObject,
	omit,
	omitBy,
} from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { oncePerObject } from "../../../common/parsing/once-per-object.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { parseImageReference } from "../../../harness/images/reference.ts";
import { asObject, at } from "../charts/fields.ts";
import { operatorWorkloads } from "../charts/operator-kinds.ts";
import { numberOf } from "../objects/service-ports.ts";
import { usualClaimName } from "../objects/volume-claims.ts";

/**
 * Objects with what the API server computes from other fields in one form: pull policies, ports of probes by
 * their numbers, what a NetworkPolicy is about, and what a template of volume claims is.
 */
export function withoutComputedDefaults(
	objects: readonly Manifest[],
): Manifest[] {
	return objects.map(withoutOwnDefaults);
}

const withoutOwnDefaults = oncePerObject((written: Manifest): Manifest => {
	const each = withPlainClaims(written);
	if (
		podSpecOf(each) !== undefined ||
		/^monitoring\.coreos\.com\//.test(each.apiVersion)
	)
		return withPlainContainers(each);
	if (each.kind === "Service") return withoutUsualTargetPorts(each);
	if (/^(Cluster)?RoleBinding$/.test(each.kind)) return withPlainSubjects(each);
	if (each.kind === "NetworkPolicy") return withPlainPolicy(each);
	if (each.apiVersion.startsWith("gateway.networking.k8s.io/"))
		return withPlainReferences(each);
	return each;
});

function podSpecOf(object: Manifest): unknown {
	return (
		at(object, "spec.template.spec") ??
		at(object, "spec.jobTemplate.spec.template.spec")
	);
}

function withPlainContainers(object: Manifest): Manifest {
	return cloneDeepWith(object, (value: unknown) => {
		if (!isPlainObject(value) || typeof value.image !== "string")
			return undefined;
		const { imagePullPolicy, ...container } = value;
		const { tag, digest } = parseImageReference(value.image);
		const usual = tag === "latest" && !digest ? "Always" : "IfNotPresent";
		return {
			...cloneDeepWith(container, (part: unknown, key) =>
				(key === "httpGet" || key === "tcpSocket") && isPlainObject(part)
					? { ...part, port: numberOf(part.port, [container]) }
					: undefined,
			),
			...(imagePullPolicy !== undefined &&
				imagePullPolicy !== "" &&
				imagePullPolicy !== usual && { imagePullPolicy }),
		};
	});
}

/** A ServiceAccount is of the group without a name. */
function withPlainSubjects(binding: Manifest): Manifest {
	return {
		...binding,
		subjects: listAt(binding, "subjects").map((each) =>
			omitBy(
				asObject(each),
				(value, name) => name === "apiGroup" && value === "",
			),
		),
	};
}

/** Without a target port, a Service's port is also that of its pods. */
function withoutUsualTargetPorts(service: Manifest): Manifest {
	const ports = at(service, "spec.ports");
	if (!Array.isArray(ports)) return service;
	return {
		...service,
		spec: {
			...asObject(service.spec),
			ports: ports.map((each: unknown) => {
				const { targetPort, ...port } = asObject(each);
				return targetPort === undefined || targetPort === port.port
					? port
					: { ...port, targetPort };
			}),
		},
	};
}

/** https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/ */
function withPlainPolicy(policy: Manifest): Manifest {
	const { policyTypes, ...spec } = asObject(policy.spec);
	const usual = [
		"Ingress",
		...(listAt(policy, "spec", "egress").length > 0 ? ["Egress"] : []),
	];
	const isUsual =
		Array.isArray(policyTypes) &&
		isEqual([...policyTypes].sort(), usual.sort());
	return {
		...policy,
		spec: cloneDeepWith(
			isUsual || policyTypes === undefined ? spec : { ...spec, policyTypes },
			(value: unknown, key) =>
				key === "ports" && Array.isArray(value)
					? value.map((port: unknown) =>
							omitBy(
								asObject(port),
								(each, name) => name === "protocol" && each === "TCP",
							),
						)
					: undefined,
		),
	};
}

/** https://gateway-api.sigs.k8s.io/reference/spec/: the CRDs with these defaults are not in the chart. */
function withPlainReferences(route: Manifest): Manifest {
	const usual: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
		parentRefs: { group: "gateway.networking.k8s.io", kind: "Gateway" },
		backendRefs: { group: "", kind: "Service", weight: 1 },
	};
	return cloneDeepWith(withoutUsualMatches(route), (value: unknown, key) => {
		const own = usual[String(key)];
		return own && Array.isArray(value)
			? value.map((each: unknown) =>
					omitBy(asObject(each), (field, name) => field === own[name]),
				)
			: undefined;
	});
}

function withoutUsualMatches(route: Manifest): Manifest {
	const usual = [{ path: { type: "PathPrefix", value: "/" } }];
	const rules = listAt(route, "spec", "rules");
	return rules.length === 0
		? route
		: {
				...route,
				spec: {
					...asObject(route.spec),
					rules: rules.map((rule) =>
						isEqual(at(rule, "matches"), usual)
							? omit(asObject(rule), ["matches"])
							: rule,
					),
				},
			};
}

/** Templates of volume claims without what they can only be. */
function withPlainClaims(object: Manifest): Manifest {
	if (object.kind !== "StatefulSet" && !operatorWorkloads.includes(object.kind))
		return object;
	const isOfOperator = operatorWorkloads.includes(object.kind);
	const plain = (template: unknown) => {
		const { metadata, ...rest } = omit(asObject(template), [
			"apiVersion",
			"kind",
			"status",
		]);
		const usual = isOfOperator ? usualClaimName(object) : undefined;
		const named = omitBy(
			asObject(metadata),
			(each, name) => name === "name" && each === usual,
		);
		return isEqual(named, {}) ? rest : { ...rest, metadata: named };
	};
	return cloneDeepWith(object, (value: unknown, key) => {
		if (key === "volumeClaimTemplate") return plain(value);
		return key === "volumeClaimTemplates" && Array.isArray(value)
			? value.map(plain)
			: undefined;
	});
}
