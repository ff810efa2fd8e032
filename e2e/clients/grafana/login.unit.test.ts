import { expect, test } from "vitest";
import { KubeError } from "../api-server/kube-error.ts";
import { isLoginOff, subPathIn } from "./login.ts";

test.each([
	["http://localhost:3000/grafana/login", "/grafana"],
	["https://home.example/tools/grafana/login", "/tools/grafana"],
	["/grafana/login", "/grafana"],
	["/api/v1/namespaces/m/services/g:80/proxy/grafana/login", "/grafana"],
	["/api/v1/namespaces/m/services/g:80/proxy/login", undefined],
	["http://localhost:3000/login", undefined],
	["http://localhost:3000/grafana", undefined],
	[undefined, undefined],
])("a redirect to %s leads to the path %s", (location, path) => {
	expect(subPathIn(location)).toBe(path);
});

test("a wrong password is told from a login that is switched off", () => {
	const refuse = (message: string) =>
		isLoginOff(
			new KubeError("401", { status: 401, body: JSON.stringify({ message }) }),
		);
	expect(refuse("Login is disabled")).toBe(true);
	expect(refuse("Client not configured")).toBe(true);
	expect(refuse("Invalid username or password")).toBe(false);
});
