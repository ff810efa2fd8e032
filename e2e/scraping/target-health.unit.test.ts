import { expect, test } from "vitest";
import { lacksFile } from "./target-health.ts";

const unread =
	'Get "http://nas.lan:9100/metrics": unable to read basic auth password: unable to read file /etc/prometheus/secrets/nas/password: open /etc/prometheus/secrets/nas/password: no such file or directory';

test.each([
	["down", unread, true],
	[
		"down",
		unread.replace("no such file or directory", "permission denied"),
		true,
	],
	[
		"down",
		unread.replaceAll("/etc/prometheus/secrets/nas", "/vault/secrets"),
		false,
	],
	["up", "", false],
	[
		"down",
		'Get "http://nas.lan:9100/metrics": dial tcp: lookup nas.lan: no such host',
		false,
	],
	["down", "server returned HTTP status 401 Unauthorized", false],
] as const)("%s: %s", (health, lastError, lacks) => {
	expect(lacksFile({ health, lastError })).toBe(lacks);
});
