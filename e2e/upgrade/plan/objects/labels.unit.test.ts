import { describe, expect, test } from "vitest";
import { makeSide } from "../cases/read-cases.ts";
import { compareLabels } from "./labels.ts";

const auth = "nginx.ingress.kubernetes.io/auth-url";

function dangerOf(
	before: Record<string, string>,
	after: Record<string, string>,
): string | undefined {
	const side = (annotations: Record<string, string>) =>
		makeSide([], { objects: [{ kind: "Ingress", name: "a", annotations }] });
	return compareLabels(side(before), side(after))[0]?.danger;
}

describe("annotations that others rely on", () => {
	test.each([
		[auth, "https://auth"],
		["nginx.ingress.kubernetes.io/whitelist-source-range", "10.0.0.0/8"],
		["nginx.ingress.kubernetes.io/force-ssl-redirect", "true"],
		["traefik.ingress.kubernetes.io/router.middlewares", "sso@kubernetescrd"],
		["haproxy.org/auth-type", "basic-auth"],
		["alb.ingress.kubernetes.io/scheme", "internal"],
		["service.beta.kubernetes.io/aws-load-balancer-internal", "true"],
		["metallb.universe.tf/loadBalancerIPs", "10.0.0.9"],
		["external-dns.alpha.kubernetes.io/hostname", "a.example.org"],
		["cert-manager.io/cluster-issuer", "letsencrypt"],
		["helm.sh/resource-policy", "keep"],
	])("%s that is gone is for a person to decide", (name, value) => {
		expect(dangerOf({ [name]: value }, {})).toBe("review");
	});

	test("so is one that says false from now on", () => {
		const redirect = "nginx.ingress.kubernetes.io/ssl-redirect";
		expect(dangerOf({}, { [redirect]: "false" })).toBe("review");
	});

	test.each([
		["one that is new", {}, { [auth]: "https://auth" }],
		["one that says how it is shown", { "a.dev/icon": "a" }, {}],
		["the author of an object", { "example.org/author": "a" }, {}],
	])("%s is a note", (_, before, after) => {
		expect(dangerOf(before, after)).toBe("note");
	});
});
