import { expect, test } from "vitest";
import { makeExamples } from "./regex-examples.ts";

test.each([
	["media", ["media"]],
	["media|photos", ["media", "photos"]],
	["media-(dev|prod)", ["media-dev", "media-prod"]],
	["(dev|test)-.+", ["dev-x", "test-x"]],
	["media[0-9]+", ["media0"]],
	["(.+)-(dev|prod)", ["x-dev", "x-prod"]],
	["^kube-.*$", ["kube-x", "kube-"]],
	["(?:a|b)(?:c|d)?", ["ac", "ad", "a", "bc", "bd", "b"]],
	["(?i)WARN(ing)?", ["WARNing", "WARN"]],
	["(?i:warn)", ["warn"]],
	["(?P<stage>dev|prod)-\\d{3}", ["dev-000", "prod-000"]],
	["[[:alpha:]]+\\.home\\.[^a-z]+", ["x.home.0"]],
	["[q-s]|\\w", ["q", "x"]],
	["", [""]],
])("%s matches %j", (pattern, examples) => {
	expect(makeExamples(pattern)).toEqual(examples);
});

test("each of many alternatives comes once where they cannot all be combined", () => {
	const many = Array.from({ length: 60 }, (_, i) => `team${i}`);
	const found = makeExamples(`(${many.join("|")})-(a|b)`);
	expect(found.map((each) => each.split("-")[0])).toEqual(many);
	expect(new Set(found.map((each) => each.split("-")[1]))).toEqual(
		new Set(["a", "b"]),
	);
});

test.each(["\\p{Greek}+", "a^b", "[^\\x00-\\x{10FFFF}]"])(
	"there are no examples of %s",
	(pattern) => {
		expect(makeExamples(pattern)).toEqual([]);
	},
);
