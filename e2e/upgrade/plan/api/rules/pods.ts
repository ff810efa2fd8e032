import type { Manifest } from "../../../../clients/kube-objects.ts";
import {
	listAt,
	mapsAt,
	textsAt,
} from "../../../../common/parsing/yaml-map.ts";
import { asObject, at, textAt } from "../../charts/fields.ts";
import { containerProblems } from "./containers.ts";
import { isDnsLabel, isSet, isSubdomain, twice } from "./names.ts";

const restarting: Readonly<Record<string, readonly string[]>> = {
	Deployment: ["Always"],
	DaemonSet: ["Always"],
	StatefulSet: ["Always"],
	ReplicaSet: ["Always"],
	Job: ["OnFailure", "Never"],
	CronJob: ["OnFailure", "Never"],
};

/** What the API server says against the pods of a workload. */
export function podProblems(object: Manifest, cluster: string): string[] {
	const { kind, apiVersion } = object;
	if (!/^(v1|apps\/v1|batch\/v1)$/.test(apiVersion)) return [];
	const spec =
		at(object, "spec.template.spec") ??
		at(object, "spec.jobTemplate.spec.template.spec") ??
		(kind === "Pod" ? object.spec : undefined);
	if (spec === undefined) return [];
	const policy = textAt(spec, "restartPolicy") || "Always";
	const allowed = restarting[kind];
	const claims = listAt(object, "spec", "volumeClaimTemplates").map((each) =>
		textAt(each, "metadata.name"),
	);
	const account = textAt(spec, "serviceAccountName");
	return [
		...(allowed && !allowed.includes(policy)
			? [
					`the pods' restartPolicy is ${policy}, and that of a ${kind} must be ${allowed.join(" or ")}`,
				]
			: []),
		...(account !== "" && !isSubdomain(account)
			? [`serviceAccountName: "${account}" is no name`]
			: []),
		...placementProblems(spec),
		...containerProblems(spec, claims, cluster),
	];
}

/** What is wrong with the volumes of pods, and with where they may run. */
export function placementProblems(spec: unknown): string[] {
	return [
		...volumeProblems(listAt(spec, "volumes")),
		...tolerationProblems(spec),
		...affinityProblems(spec),
	];
}

function volumeProblems(volumes: readonly unknown[]): string[] {
	const names = volumes.map((each) => textAt(each, "name"));
	return [
		...twice(names).map((name) => `two volumes are called ${name}`),
		...volumes.flatMap((each) => {
			const { name, ...sources } = asObject(each);
			const own = Object.keys(sources).filter((key) => isSet(sources[key]));
			return [
				...(isDnsLabel(String(name))
					? []
					: [
							`the volume's name "${String(name)}" must be at most 63 lower-case letters, digits and -`,
						]),
				...(own.length > 1
					? [
							`the volume ${String(name)} has ${own.join(" and ")}, and may have one of them`,
						]
					: []),
			];
		}),
	];
}

function tolerationProblems(spec: unknown): string[] {
	return mapsAt(spec, "tolerations").flatMap((each) => {
		const { effect, tolerationSeconds } = each;
		const [key, value] = [textAt(each, "key"), textAt(each, "value")];
		const operator = textAt(each, "operator") || "Equal";
		const name = `the toleration of "${key}"`;
		return [
			...(operator === "Exists" && value !== ""
				? [`${name} may not have a value with the operator Exists`]
				: []),
			...(key === "" && operator !== "Exists"
				? [`${name} has no key, and then its operator must be Exists`]
				: []),
			...(isSet(tolerationSeconds) && effect !== "NoExecute"
				? [`${name} has tolerationSeconds, which needs the effect NoExecute`]
				: []),
		];
	});
}

/** Affinity, and how pods are spread. */
function affinityProblems(spec: unknown): string[] {
	const required =
		"affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution";
	const terms = at(spec, `${required}.nodeSelectorTerms`);
	const preferred = ["nodeAffinity", "podAffinity", "podAntiAffinity"].flatMap(
		(kind) =>
			listAt(
				spec,
				"affinity",
				kind,
				"preferredDuringSchedulingIgnoredDuringExecution",
			),
	);
	return [
		...(Array.isArray(terms) && terms.length === 0
			? [`${required} has no nodeSelectorTerms`]
			: []),
		...preferred
			.map((each) => at(each, "weight"))
			.filter((weight) => !(Number(weight) >= 1 && Number(weight) <= 100))
			.map(
				(weight) =>
					`the weight of a preferred affinity is ${String(weight)}, and must be from 1 to 100`,
			),
		...expressionsBelow(at(spec, "affinity")).flatMap(requirementProblems),
		...listAt(spec, "topologySpreadConstraints")
			.filter((each) => !(Number(at(each, "maxSkew")) >= 1))
			.map(() => "topologySpreadConstraints: maxSkew must be 1 or more"),
	];
}

function expressionsBelow(value: unknown): unknown[] {
	if (Array.isArray(value)) return value.flatMap(expressionsBelow);
	return Object.entries(asObject(value)).flatMap(([name, each]) =>
		["matchExpressions", "matchFields"].includes(name) && Array.isArray(each)
			? each
			: expressionsBelow(each),
	);
}

function requirementProblems(each: unknown): string[] {
	const operator = textAt(each, "operator");
	const key = textAt(each, "key");
	const count = textsAt(each, "values").length;
	if (/^(In|NotIn)$/.test(operator) && count === 0)
		return [
			`the condition on ${key} needs values with the operator ${operator}`,
		];
	if (/^(Exists|DoesNotExist)$/.test(operator) && count > 0)
		return [
			`the condition on ${key} may not have values with the operator ${operator}`,
		];
	return [];
}
