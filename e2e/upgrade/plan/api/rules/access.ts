import type { Manifest } from "../../../../clients/kube-objects.ts";
import { listAt } from "../../../../common/parsing/yaml-map.ts";
import { at, textAt } from "../../charts/fields.ts";

/** What the API server says against roles, and who has them. */
export function accessProblems(object: Manifest): string[] {
	if (!object.apiVersion.startsWith("rbac.authorization.k8s.io/")) return [];
	const rules = listAt(object, "rules").flatMap((rule) => {
		const count = (field: string) => listAt(rule, field).length;
		const isForPaths = count("nonResourceURLs") > 0;
		return [
			...(count("verbs") === 0 ? ["a rule has no verbs"] : []),
			...(!isForPaths && count("apiGroups") === 0
				? ['a rule has no apiGroups; "" is that of Kubernetes itself']
				: []),
			...(!isForPaths && count("resources") === 0
				? ["a rule has no resources"]
				: []),
		];
	});
	const kind = at(object, "roleRef.kind");
	return [
		...rules,
		...(object.kind === "ClusterRoleBinding" && kind !== "ClusterRole"
			? [`roleRef.kind is ${String(kind)}, and must be ClusterRole`]
			: []),
		...listAt(object, "subjects")
			.filter(
				(each) =>
					textAt(each, "kind") === "ServiceAccount" &&
					textAt(each, "namespace") === "",
			)
			.map((each) => `the subject ${textAt(each, "name")} has no namespace`),
	];
}
