import type { Difference } from "../charts/differences.ts";

/** Annotations and labels by which something else protects an object, leads to it, or keeps it. */
const reliedOn: readonly RegExp[] = [
	// ingress-nginx, HAProxy and others call theirs alike.
	/\/(auth|limit|rate-limit|ssl|force-ssl|modsecurity|oauth|jwt|cors)(-[\w.-]+)?$/,
	/\/(white-?list|allow-?list|deny-?list|black-?list)[\w-]*$/,
	/\/(satisfy|enable-modsecurity|enable-owasp[\w-]*|enable-global-auth|global-rate-limit[\w-]*)$/,
	/^traefik\..*\/(router\.|frontend\.(auth|whitelist)|service\.serverstransport)/,
	/^alb\.ingress\.kubernetes\.io\/(scheme|inbound-cidrs|waf[\w-]*|shield[\w-]*|security-groups|certificate-arn)/,
	/load-?balancer-(internal|scheme|source-ranges|security-groups|type|ssl[\w-]*)$/,
	/^cloud\.google\.com\/(backend-config|armor)/,
	// The address or the name that others know it by, and the certificate for that.
	/^(metallb\.universe\.tf|metallb\.io|io\.cilium|lbipam\.cilium\.io|kube-vip\.io)\//,
	/^(external-dns\.alpha\.kubernetes\.io|tailscale\.com)\//,
	/^cert-manager\.io\/(cluster-)?issuer/,
	/^kubernetes\.io\/ingress\.class$/,
	/^pod-security\.kubernetes\.io\//,
	/^helm\.sh\/resource-policy$/,
	// What a ServiceAccount may do in the cloud, such as writing to a bucket.
	/^(eks\.amazonaws\.com\/role-arn|iam\.gke\.io\/gcp-service-account|azure\.workload\.identity\/)/,
];

/** Whether a change of an annotation or a label takes away what others rely on. What is new does so only if it says `false`. */
export function takesAway(
	name: string,
	{ from, to }: Pick<Difference, "from" | "to">,
): boolean {
	return (
		(from !== undefined || to === "false") &&
		reliedOn.some((each) => each.test(name))
	);
}
