import { expect, test } from "vitest";
import {
	areShielded,
	findFreeSignUps,
	judgeProxyLogin,
	networkPolicy,
	proxyHeaderOf,
} from "./free-admins.ts";

const signUp = {
	allow_sign_up: "true",
	auto_assign_org: "true",
	auto_assign_org_role: "Admin",
};

test("who signs up is no admin and no editor", () => {
	expect(findFreeSignUps({ users: signUp })).toEqual([
		"whoever signs up is an admin: users.allow_sign_up is true, and users.auto_assign_org_role is Admin",
	]);
	expect(
		findFreeSignUps({ users: { ...signUp, auto_assign_org_role: "Editor" } }),
	).toEqual([
		expect.stringMatching(/^whoever signs up is an editor: .* is Editor$/),
	]);
	for (const users of [
		{ ...signUp, allow_sign_up: "false" },
		// Each has an organisation alone.
		{ ...signUp, auto_assign_org: "false" },
		{ ...signUp, auto_assign_org_role: "Viewer" },
		{},
	])
		expect(findFreeSignUps({ users })).toEqual([]);
	expect(findFreeSignUps({})).toEqual([]);
});

const proxy = { enabled: "true", header_name: "Remote-User", whitelist: "" };

test("a header alone makes nobody the admin", () => {
	expect(judgeProxyLogin({ "auth.proxy": proxy }, true)).toEqual([
		"whoever sends the header Remote-User with the admin's name is the admin: auth.proxy is enabled, and its whitelist is empty; a request with this header and no credentials was answered as the user that it named",
	]);
	// The API server may keep a header to itself.
	expect(judgeProxyLogin({ "auth.proxy": proxy }, false)).toEqual([
		expect.stringMatching(/its whitelist is empty$/),
	]);
	const wide = { ...proxy, whitelist: "10.42.0.0/16" };
	expect(judgeProxyLogin({ "auth.proxy": wide }, true)).toEqual([
		expect.stringContaining("its whitelist 10.42.0.0/16 lets in more"),
	]);
	expect(judgeProxyLogin({ "auth.proxy": wide }, false)).toEqual([]);
	const off = { ...proxy, enabled: "false" };
	expect(judgeProxyLogin({ "auth.proxy": off }, false)).toEqual([]);
});

test("the header has a default, and counts only where a proxy is heeded", () => {
	expect(proxyHeaderOf({ "auth.proxy": { enabled: "true" } })).toBe(
		"X-WEBAUTH-USER",
	);
	expect(proxyHeaderOf({ "auth.proxy": { header_name: "X" } })).toBeUndefined();
	expect(proxyHeaderOf({})).toBeUndefined();
});

test("a policy that lets in some shields Grafana", () => {
	const labels = { app: "grafana" };
	const policy = (spec: object) =>
		networkPolicy.parse({
			apiVersion: "networking.k8s.io/v1",
			kind: "NetworkPolicy",
			metadata: { name: "p" },
			spec: { podSelector: { matchLabels: labels }, ...spec },
		});
	const some = policy({ ingress: [{ from: [{ podSelector: {} }] }] });
	const all = policy({ ingress: [{ ports: [{ port: 3000 }] }] });
	const out = policy({ policyTypes: ["Egress"] });
	const shield = (...policies: (typeof some)[]) =>
		areShielded(policies, [labels]);
	expect(shield(some, out)).toBe(true);
	expect(shield(some, all)).toBe(false);
	expect(shield(out)).toBe(false);
	expect(shield()).toBe(false);
	expect(areShielded([some], [{ app: "other" }])).toBe(false);
});
