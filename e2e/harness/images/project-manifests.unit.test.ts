import { expect, test } from "vitest";
import { readManifests } from "./project-manifests.ts";

test("an image is replaced by its component's reference, by name or by repository", async () => {
	const images = new Map([
		["coredns", { reference: "docker.io/coredns/coredns:1.0", local: "x" }],
		["node", { reference: "docker.io/library/node:1.0", local: "y" }],
	]);
	const dns = await readManifests("stack/manifests/coredns.yaml", images);
	expect(dns).toContain("image: docker.io/coredns/coredns:1.0\n");
	const mock = await readManifests(
		"fixtures/slack-mock/deployment.yaml",
		images,
	);
	expect(mock).toContain("image: docker.io/library/node:1.0\n");
});
