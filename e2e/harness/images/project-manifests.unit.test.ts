import { expect, test } from "vitest";
import { readManifests, valuesProblem } from "./manifests.ts";

test.each([
	["", undefined],
	["# only a comment\n", undefined],
	["a: {b: 1}\n", undefined],
	["- a\n", "is not a mapping of values"],
	["text\n", "is not a mapping of values"],
	["a: 1\n---\nb: 2\n", "holds more than one YAML document"],
	["a: 1\na: 2\n", expect.stringContaining("Map keys must be unique")],
] as const)("values %j: %s", (text, problem) => {
	expect(valuesProblem(text)).toEqual(problem);
});

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
