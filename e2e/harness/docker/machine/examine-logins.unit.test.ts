import { expect, test } from "vitest";
import { parseDockerConfig } from "../docker-config.ts";
import { hostsOf, judgeLogins } from "./examine-logins.ts";

const hosts = (config: object) =>
	hostsOf(parseDockerConfig("a test", JSON.stringify(config)));

test("every registry with a login or a helper is asked for", () => {
	const config = { auths: { "ghcr.io": {} }, credHelpers: { "nas:5000": "x" } };
	expect(hosts(config)).toEqual(["ghcr.io", "nas:5000"]);
	expect(hosts({})).toEqual([]);
	expect(hosts({ credsStore: "desktop" })).toEqual(["docker.io"]);
});

test("logins that a helper gives are good, and what it does not have is none", () => {
	const asked = [
		{ host: "ghcr.io", isThere: true, failure: "" },
		{ host: "docker.io", isThere: false, failure: "" },
	];
	expect(judgeLogins(asked)).toMatchObject({
		verdict: "good",
		found: "ghcr.io",
	});
	expect(judgeLogins(asked.slice(1))).toMatchObject({ found: "none" });
});

test("a helper that fails is doubtful, and said once", () => {
	const failure = "there is no such command";
	const asked = ["a", "b"].map((host) => ({ host, isThere: false, failure }));
	expect(judgeLogins(asked)).toMatchObject({
		verdict: "doubtful",
		found: failure,
	});
});
