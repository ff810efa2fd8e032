import { expect, test } from "vitest";
import { parseImageReference } from "./reference.ts";

test.each([
	["busybox", "docker.io/library/busybox", "latest", undefined],
	["busybox:1.37", "docker.io/library/busybox", "1.37", undefined],
	["rancher/k3s:v1-k3s1", "docker.io/rancher/k3s", "v1-k3s1", undefined],
	["quay.io/a/b:v1", "quay.io/a/b", "v1", undefined],
	["localhost/a:1", "localhost/a", "1", undefined],
	["localhost:5000/a/b", "localhost:5000/a/b", "latest", undefined],
	["REG/foo:1", "REG/foo", "1", undefined],
	["index.docker.io/busybox:1", "docker.io/library/busybox", "1", undefined],
	["quay.io/a/b:v1@sha256:0f", "quay.io/a/b", "v1", "sha256:0f"],
	["quay.io/a/b@sha256:0f", "quay.io/a/b", "latest", "sha256:0f"],
] as const)("%s", (text, repository, tag, digest) => {
	expect(parseImageReference(text)).toMatchObject({ repository, tag, digest });
});

test("the path has no registry host", () => {
	expect(parseImageReference("localhost:5000/a/b:1").path).toBe("a/b");
	expect(parseImageReference("busybox").path).toBe("library/busybox");
});
