import { expect, test } from "vitest";
import type { ToolName } from "../tools/tool.ts";
import { findReleases } from "./find-releases.ts";
import { helmRepository, makeHelmRelease } from "./flux/make-objects.ts";
import { makeTree } from "./git/make-tree.ts";
import { describeNamedTool } from "./named-tool.ts";

const pairs = findReleases(
	makeTree({
		"a.yaml": [
			helmRepository,
			makeHelmRelease({}, "a"),
			makeHelmRelease({}, "b"),
		],
	}),
).map((after) => ({ before: after, after }));

test.each<[ToolName | undefined, string | undefined]>([
	[undefined, undefined],
	["flux", undefined],
	["helm3", "--with helm3 wins over the repository, which says Flux."],
])("--with %s beside a repository of Flux: %s", (named, line) => {
	expect(pairs).toHaveLength(2);
	expect(describeNamedTool(named, pairs)).toBe(line);
});

test("a release that goes is not upgraded with anything", () => {
	const gone = pairs.map(({ before }) => ({ before, after: undefined }));
	expect(describeNamedTool("helm3", gone)).toBeUndefined();
});
