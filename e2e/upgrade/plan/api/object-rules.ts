import type { Manifest } from "../../../clients/kube-objects.ts";
import { unreadableAmounts } from "./readable-amounts.ts";
import { accessProblems } from "./rules/access.ts";
import { dataProblems } from "./rules/data.ts";
import { endpointsProblems } from "./rules/endpoints.ts";
import { ingressProblems } from "./rules/ingress.ts";
import { metadataProblems } from "./rules/metadata.ts";
import { networkPolicyProblems } from "./rules/network-policy.ts";
import { podProblems } from "./rules/pods.ts";
import { serviceProblems } from "./rules/service.ts";
import { workloadProblems } from "./rules/workloads.ts";

const rules: readonly ((object: Manifest, cluster: string) => string[])[] = [
	metadataProblems,
	workloadProblems,
	podProblems,
	serviceProblems,
	endpointsProblems,
	ingressProblems,
	networkPolicyProblems,
	accessProblems,
	dataProblems,
	unreadableAmounts,
];

/** What the API server refuses although every field by itself is right: its own validation, which no schema has. */
export function brokenRules(object: Manifest, cluster: string): string[] {
	return rules.flatMap((rule) => rule(object, cluster));
}
