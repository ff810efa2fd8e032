import { z } from "zod";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { at, textAt } from "../charts/fields.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { isDiscovered } from "./discovered-by.ts";

const strings = z
	.array(z.string())
	.nullish()
	.transform((list) => list ?? []);
const role = z.looseObject({
	rules: z
		.array(
			z.looseObject({
				apiGroups: strings,
				resources: strings,
				verbs: strings,
				nonResourceURLs: strings,
				resourceNames: strings,
			}),
		)
		.nullish(),
});
const binding = z.looseObject({
	roleRef: z.looseObject({ kind: z.string(), name: z.string() }),
	subjects: z
		.array(
			z.looseObject({
				kind: z.string(),
				name: z.string(),
				namespace: z.string().optional(),
			}),
		)
		.nullish(),
});

/** Something that a service account may do, e.g. `list pods`. */
interface Permission {
	readonly verb: string;
	/** `<group>/<resource>`, or a URL. */
	readonly target: string;
	/** Empty for all namespaces. */
	readonly namespace: string;
}

/** Permissions that the service accounts of workloads on both sides lose. */
export function comparePermissions(a: Side, b: Side): Reason[] {
	const after = accountsOf(b);
	return [...accountsOf(a).keys()].flatMap((account) => {
		const users = after.get(account);
		if (!users) return [];
		const now = permissionsOf(b, account);
		const lost = permissionsOf(a, account).filter(
			(each) =>
				!isObsolete(each) &&
				!now.some((other) => covers(other, each)) &&
				!users.every((user) => isUnused(user, each)),
		);
		if (lost.length === 0) return [];
		const needed = lost.filter(({ verb, target }) =>
			users.some((user) => isNeeded(user, verb, target)),
		);
		const reasons: Reason[] = [];
		if (needed.length > 0)
			reasons.push(
				makeReason(
					"discovery-lost",
					account,
					`${account}, of ${users.map(nameOf).join(", ")}, loses permissions that it needs.`,
					{ evidence: needed.map(describe) },
				),
			);
		const other = lost.filter((each) => !needed.includes(each));
		if (other.length > 0)
			reasons.push(
				makeReason(
					"permission-lost",
					account,
					`${account}, of ${users.map(nameOf).join(", ")}, loses permissions.`,
					{ evidence: other.map(describe) },
				),
			);
		return reasons;
	});
}

function describe({ verb, target, namespace }: Permission): string {
	return `${verb} ${target.replace(/^\//, "")}${namespace ? ` in ${namespace}` : ""}`;
}

/** Kubernetes no longer has these resources, so nobody can use the permission. */
function isObsolete({ target }: Permission): boolean {
	return /^extensions\/|^policy\/podsecuritypolicies\b/.test(target);
}

/** kube-state-metrics only lists the resources of --resources. */
function isUnused(user: Manifest, { target }: Permission): boolean {
	const asked = resourcesAskedBy(user);
	return asked !== undefined && !asked.includes(target.split("/")[1] ?? "");
}

/** The resources that kube-state-metrics lists; undefined if it is another workload, or if it lists all it knows. */
function resourcesAskedBy(user: Manifest): string[] | undefined {
	const image = JSON.stringify(at(user, "spec.template.spec.containers"));
	return /kube-state-metrics:/.test(image)
		? /"--resources=([^"]*)"/.exec(image)?.[1]?.split(",")
		: undefined;
}

/**
 * Whether a workload cannot work without a permission: Prometheus needs these to discover targets (see its documentation
 * on kubernetes_sd_config), the operator to watch its own kinds and to write the objects that it makes for them.
 */
function isNeeded(user: Manifest, verb: string, target: string): boolean {
	const isRead = ["get", "list", "watch", "*"].includes(verb);
	if (user.kind === "Prometheus")
		return (
			isRead &&
			isDiscovered(user, target) &&
			/^(\/(pods|services|endpoints|nodes\/metrics|\*)|discovery\.k8s\.io\/endpointslices|\/metrics.*)$/.test(
				target,
			)
		);
	const image = JSON.stringify(at(user, "spec.template.spec.containers"));
	if (/prometheus-operator:/.test(image))
		return (
			/^monitoring\.coreos\.com\//.test(target) ||
			/^(apps\/statefulsets|\/(configmaps|secrets|services|pods|namespaces|endpoints))$/.test(
				target,
			)
		);
	if (/kube-state-metrics:/.test(image)) {
		const resource = target.split("/")[1] ?? "";
		return isRead && (resourcesAskedBy(user)?.includes(resource) ?? true);
	}
	return false;
}

/** The service accounts of workloads, as `namespace/name`, with the workloads that use them. */
function accountsOf(side: Side): Map<string, Manifest[]> {
	const accounts = new Map<string, Manifest[]>();
	for (const object of objectsOf(
		side,
		"Deployment",
		"DaemonSet",
		"StatefulSet",
		"Prometheus",
		"Alertmanager",
	)) {
		const name =
			textAt(object, "spec.template.spec.serviceAccountName") ||
			textAt(object, "spec.serviceAccountName");
		if (!name) continue;
		const key = `${object.metadata.namespace}/${name}`;
		accounts.set(key, [...(accounts.get(key) ?? []), object]);
	}
	return accounts;
}

/** What the roles in the chart let a service account do. */
export function permissionsOf(side: Side, account: string): Permission[] {
	return objectsOf(side, "RoleBinding", "ClusterRoleBinding").flatMap(
		(object) => {
			const parsed = binding.safeParse(object);
			if (!parsed.success) return [];
			const { roleRef, subjects } = parsed.data;
			const own = object.metadata.namespace;
			const isBound = subjects?.some(
				({ kind, name, namespace = own }) =>
					kind === "ServiceAccount" && `${namespace}/${name}` === account,
			);
			if (!isBound) return [];
			const found = objectsOf(side, roleRef.kind).find(
				({ metadata }) =>
					metadata.name === roleRef.name &&
					(roleRef.kind === "ClusterRole" || metadata.namespace === own),
			);
			const namespace = object.kind === "RoleBinding" ? (own ?? "") : "";
			const parsedRole = found && role.safeParse(found).data;
			return parsedRole ? expand(parsedRole, namespace) : [];
		},
	);
}

function expand({ rules }: z.infer<typeof role>, namespace: string) {
	return (rules ?? []).flatMap(
		({ apiGroups, resources, verbs, nonResourceURLs, resourceNames }) => {
			const names = resourceNames.length === 0 ? [""] : resourceNames;
			const targets = [
				...apiGroups.flatMap((group) =>
					resources.flatMap((resource) =>
						names.map((name) => `${group}/${resource}${name && ` ${name}`}`),
					),
				),
				...nonResourceURLs,
			];
			return targets.flatMap((target) =>
				verbs.map((verb): Permission => ({ verb, target, namespace })),
			);
		},
	);
}

export function covers(now: Permission, wanted: Permission): boolean {
	const [group, resource] = now.target.split("/");
	const [wantedGroup, wantedResource] = wanted.target.split("/");
	return (
		["*", wanted.verb].includes(now.verb) &&
		["", wanted.namespace].includes(now.namespace) &&
		(now.target === wanted.target ||
			(["*", wantedGroup].includes(group ?? "") &&
				["*", wantedResource, wantedResource?.split(" ")[0]].includes(
					resource ?? "",
				)))
	);
}
