import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { memoize, upperFirst } from "es-toolkit";

/** The declarations of client-node's clients, one for each group and version, with a method for each kind. */
const clients = join(
	dirname(fileURLToPath(import.meta.resolve("@kubernetes/client-node"))),
	"gen",
	"apis",
);

/**
 * The groups of built-in kinds, as client-node calls them. Custom resources may have groups that end with `.k8s.io`,
 * too.
 */
const groups: Readonly<Record<string, string>> = {
	"": "core",
	apps: "apps",
	autoscaling: "autoscaling",
	batch: "batch",
	extensions: "extensions",
	policy: "policy",
	...Object.fromEntries(
		[
			"admissionregistration",
			"apiextensions",
			"apiregistration",
			"authentication",
			"authorization",
			"certificates",
			"coordination",
			"discovery",
			"events",
			"networking",
			"node",
			"resource",
			"scheduling",
			"storage",
		].map((name) => [`${name}.k8s.io`, name]),
	),
	"flowcontrol.apiserver.k8s.io": "flowcontrolApiserver",
	"rbac.authorization.k8s.io": "rbacAuthorization",
};

/** The groups of built-in kinds, other than the core's. */
export const builtInGroups: readonly string[] =
	Object.keys(groups).filter(Boolean);

/** The kinds of a version such as `apps/v1`; undefined if its group is not built in. */
export function builtInKinds(
	apiVersion: string,
): ReadonlySet<string> | undefined {
	const kinds = scopesOf(apiVersion);
	return kinds && new Set(kinds.keys());
}

/** Whether objects of a kind are in namespaces; undefined if it is not built in. */
export function isNamespaced(
	apiVersion: string,
	kind: string,
): boolean | undefined {
	return scopesOf(apiVersion)?.get(kind);
}

/** The kinds of a version, each with whether its objects are in namespaces. */
const scopesOf = memoize(
	(apiVersion: string): ReadonlyMap<string, boolean> | undefined => {
		const [group = "", version] = apiVersion.includes("/")
			? apiVersion.split("/")
			: ["", apiVersion];
		const name = groups[group];
		if (name === undefined) return undefined;
		const file = join(
			clients,
			`${upperFirst(name)}${upperFirst(version ?? "")}Api.d.ts`,
		);
		if (!existsSync(file)) return new Map();
		return new Map(
			[
				...readFileSync(file, "utf8").matchAll(
					/^ {4}create(Namespaced(?=[A-Z]))?(\w+?)\(/gm,
				),
			].map(([, namespaced, kind = ""]) => [kind, namespaced !== undefined]),
		);
	},
);
