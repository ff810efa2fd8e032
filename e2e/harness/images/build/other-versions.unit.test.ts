import { expect, test } from "vitest";
import { findOtherVersions } from "./other-versions.ts";

const buildInfo = [
	"/cache/binary: go1.26.8",
	"\tpath\to11y-e2e.local/build",
	"\tmod\to11y-e2e.local/build\t(devel)\t",
	"\tdep\texample.org/same\tv1.0.0\th1:a=",
	"\tdep\texample.org/newer\tv1.2.0\th1:b=",
	"\tdep\texample.org/replaced\tv1.0.0",
	"\t=>\texample.net/fork\tv0.9.0\th1:c=",
	"\tdep\texample.org/own-fork\tv1.0.0",
	"\t=>\texample.net/own\tv2.0.0\th1:d=",
	"\tdep\texample.org/not-named\tv1.0.0\th1:e=",
	"\tbuild\t-ldflags=-s",
].join("\n");

test("names what is linked in another version than the program's own go.mod names", () => {
	const require = (name: string) => ({
		Path: `example.org/${name}`,
		Version: "v1.0.0",
	});
	const found = findOtherVersions(buildInfo, {
		Require: ["same", "newer", "replaced", "own-fork", "not-linked"].map(
			require,
		),
		Replace: [
			{
				Old: { Path: "example.org/own-fork" },
				New: { Path: "example.net/own", Version: "v2.0.0" },
			},
			{
				Old: { Path: "example.org/newer" },
				New: { Path: "./nested" },
			},
		],
	});
	expect(found).toEqual([
		"example.org/newer v1.2.0 instead of v1.0.0",
		"example.net/fork v0.9.0 instead of example.org/replaced v1.0.0",
	]);
});
