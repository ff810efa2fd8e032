import { expect, test } from "vitest";
import { RegistryRefusal } from "./registry-refusal.ts";

const reference = "docker.io/rancher/k3s:v1.34.1-k3s1";

// As engines 20 to 29 and registries word it.
test.each([
	[
		"toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit",
		"rate limit",
	],
	[
		"failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/rancher/k3s/manifests/x: 429 Too Many Requests",
		"rate limit",
	],
	[
		"Head https://ghcr.io/v2/a/b/manifests/1: denied: requested access to the resource is denied",
		"login",
	],
	[
		"pull access denied for rancher/x, repository does not exist or may require 'docker login'",
		"login",
	],
	[
		'Get "https://registry-1.docker.io/v2/": proxyconnect tcp: dial tcp: lookup proxy on 10.0.0.1:53: no such host',
		"proxy",
	],
	[
		'Get "https://registry-1.docker.io/v2/": Proxy Authentication Required',
		"proxy",
	],
	[
		'Get "https://registry-1.docker.io/v2/": x509: certificate signed by unknown authority',
		"certificate",
	],
	[
		'Get "https://nas:5000/v2/": http: server gave HTTP response to HTTPS client',
		"plain HTTP",
	],
	[
		'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.0.0.1:53: no such host',
		"no answer",
	],
	[
		'Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
		"no answer",
	],
	["dial tcp 1.2.3.4:443: connect: network is unreachable", "no answer"],
	["manifest unknown: manifest unknown", "absent"],
	["received unexpected HTTP status: 503 Service Unavailable", "trouble"],
	[
		"unexpected status from HEAD request to https://ghcr.io/v2/a/manifests/1: 502 Bad Gateway",
		"trouble",
	],
	// A captive portal or a filtering proxy answers in the registry's place.
	["error parsing HTTP 503 response body: invalid character '<'", "trouble"],
	["error parsing HTTP 200 response body: invalid character '<'", "trouble"],
	["unknown: Quota exceeded for pulls", "rate limit"],
	["pull QPS exceeded", "rate limit"],
	["You have exceeded the bandwidth quota", "rate limit"],
	["denied: You have reached your download limit", "rate limit"],
	["Service Unavailable", "trouble"],
	["received unexpected HTTP status: 502 Bad Gateway", "trouble"],
	["Bad Gateway", "trouble"],
	// Go says this of a proxy that refuses to connect, and only the status.
	['Get "https://registry-1.docker.io/v2/": Forbidden', "proxy"],
	['Get "https://registry-1.docker.io/v2/": Service Unavailable', "proxy"],
	['Get "https://registry-1.docker.io/v2/": EOF', "cut off"],
	[
		"read tcp 10.0.0.2:51112->1.2.3.4:443: read: connection reset by peer",
		"cut off",
	],
	["remote error: tls: handshake failure", "cut off"],
	['Get "https://ghcr.io/v2/": net/http: TLS handshake timeout', "cut off"],
	["invalid reference format", "reference"],
	["something that no registry has said before", "unknown"],
	["failed to register layer: no space left on device", "unknown"],
	["write /var/lib/docker/tmp/x: disk quota exceeded", "unknown"],
	["no answer within 5 s", "no answer"],
	[
		'Get "https://ghcr.io/v2/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
		"no answer",
	],
	["dial tcp 1.2.3.4:443: i/o timeout", "no answer"],
])("%s is: %s", (said, kind) => {
	const refusal = new RegistryRefusal(reference, new Error(said), undefined);
	expect(refusal.kind).toBe(kind);
	expect(refusal.found).not.toContain("--images");
	expect(refusal.advice.includes("--images")).toBe(kind !== "no answer");
});

test("without an answer, a proxy is the nearest cause where there is one", () => {
	const refusal = new RegistryRefusal(
		reference,
		new Error("no answer within 5 s"),
		"the engine has none, HTTPS_PROXY is http://proxy:3128",
	);
	expect(refusal.kind).toBe("proxy");
	expect(refusal.message).toBe(
		"docker.io/rancher/k3s:v1.34.1-k3s1 cannot be pulled: no answer within 5 s. The Docker engine must reach docker.io through a proxy (the engine has none, HTTPS_PROXY is http://proxy:3128): set it in the engine's own configuration (docs.docker.com/engine/daemon/proxy; in Docker Desktop: Settings, Resources, Proxies), or take images from a mirror (--images pull:<mirror>), a file (--images archive:<file>), or build them here (--images build)",
	);
});

test("what is not there can have another name, another place, or want a login", () => {
	const refusal = new RegistryRefusal(
		reference,
		new Error("manifest unknown: manifest unknown"),
		undefined,
	);
	expect(refusal.message).toMatch(
		/cannot be pulled: manifest unknown: manifest unknown\. docker\.io does not have it, .*docker login docker\.io, or take images from a mirror/,
	);
});

test("a proxy that refuses is the engine's own", () => {
	const refusal = new RegistryRefusal(
		reference,
		new Error('Get "https://registry-1.docker.io/v2/": Forbidden'),
		"the engine's is http://proxy:3128",
	);
	expect(refusal.message).toContain(
		"The proxy of the Docker engine (the engine's is http://proxy:3128) does not let it through to docker.io: allow that there",
	);
});

test("a connection that is cut off is a proxy's doing where there is one that the engine does not use", () => {
	const refusal = new RegistryRefusal(
		reference,
		new Error("EOF"),
		"the engine has none, HTTPS_PROXY is http://proxy:3128",
	);
	expect(refusal.kind).toBe("proxy");
});
