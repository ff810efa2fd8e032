import { expect, test } from "vitest";
import { parse } from "yaml";
import {
	hashRemainder,
	relabelSteps,
} from "../../common/relabelling/relabel.ts";
import { findLabelsBefore } from "./labels-before.ts";

const find = (steps: string, wanted: Record<string, string>) =>
	findLabelsBefore(relabelSteps.parse(parse(steps)), wanted);

test.each([
	["[]", { a: "1" }, { a: "1" }],
	[
		"[{source_labels: [namespace], target_label: copy}]",
		{ copy: "media", severity: "warning" },
		{ namespace: "media", severity: "warning" },
	],
	[
		"[{source_labels: [namespace], target_label: copy, action: uppercase}]",
		{ copy: "MEDIA" },
		{ namespace: "media" },
	],
	[
		"[{source_labels: [namespace], regex: '(.+)-(dev|prod)', target_label: app}]",
		{ app: "media" },
		{ namespace: "media-prod" },
	],
	[
		`[{source_labels: [namespace, severity], separator: /, regex: 'media/(?P<how>.+)', target_label: copy, replacement: 'media is \${how}'}]`,
		{ copy: "media is critical" },
		{ namespace: "media", severity: "critical" },
	],
	[
		"[{source_labels: [namespace], regex: '(m.+)-(.+)', target_label: 'of_$1', replacement: $2}]",
		{ of_media: "dev" },
		{ namespace: "media-dev" },
	],
	[
		"[{source_labels: [namespace], regex: media, target_label: quiet, replacement: 'yes'}]",
		{ quiet: "yes" },
		{ namespace: "media" },
	],
	[
		"[{regex: (name)space, replacement: tmp_$1, action: labelmap}]",
		{ tmp_name: "media" },
		{ namespace: "media" },
	],
	[
		"[{source_labels: [namespace], target_label: one}, {source_labels: [one], target_label: two, action: lowercase}, {source_labels: [two, severity], target_label: three}]",
		{ three: "media;warning" },
		{ namespace: "media", severity: "warning" },
	],
])("%s makes %j of %j", (steps, wanted, before) => {
	expect(find(steps, wanted)).toContainEqual(before);
});

test.each(["0", "1", "2", "3"])("a hash leaves the remainder %s", (value) => {
	const [first] = find(
		"[{source_labels: [namespace], modulus: 4, target_label: hash, action: hashmod}]",
		{ hash: value },
	);
	expect(hashRemainder(first?.namespace ?? "", 4)).toBe(value);
});

test("what rules set is hashed as they set it", () => {
	const found = find(
		"[{source_labels: [severity, namespace], modulus: 10, target_label: hash, action: hashmod}]",
		{ hash: "7" },
	);
	expect(found.map(({ severity }) => severity).sort()).toEqual([
		"critical",
		"warning",
	]);
});

test("labels that steps always overwrite with others are not found", () => {
	const constant = "[{target_label: team, replacement: kitchen}]";
	expect(find(constant, { team: "garden" })).toEqual([]);
	expect(find(constant, { team: "kitchen" })).not.toEqual([]);
});

// Computed with `printf media | md5sum`: the last 16 digits, modulo.
test("the remainder is that of the last 8 bytes", () => {
	expect(hashRemainder("media", 1)).toBe("0");
	expect(hashRemainder("media", 10)).toBe("2");
	expect(hashRemainder("media", 4)).toBe("0");
});
