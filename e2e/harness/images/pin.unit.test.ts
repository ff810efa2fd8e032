import { expect, test } from "vitest";
import { pin, writePins } from "./pin.ts";

const digest = `sha256:${"a".repeat(64)}`;
const both = ["linux/amd64", "linux/arm64"];

test("a reference gets its digest behind the tag, or a new one instead of an older one", () => {
	const answer = { digest, platforms: both };
	expect(pin("quay.io/a/b:1.0", answer).pinned).toBe(
		`quay.io/a/b:1.0@${digest}`,
	);
	expect(pin(`quay.io/a/b:1.0@sha256:${"b".repeat(64)}`, answer)).toEqual({
		reference: `quay.io/a/b:1.0@sha256:${"b".repeat(64)}`,
		pinned: `quay.io/a/b:1.0@${digest}`,
	});
});

test("an image for one kind of machine only is pinned, and said to be so", () => {
	const answer = { digest, platforms: ["linux/amd64"] };
	expect(pin("quay.io/a/b:1.0", answer)).toEqual({
		reference: "quay.io/a/b:1.0",
		pinned: `quay.io/a/b:1.0@${digest}`,
		problem: "it is not for linux/arm64",
	});
});

test("only the lines of pinned references change", () => {
	const text = [
		"  # upstream: quay.io/a/b:1.0",
		"    upstream: quay.io/a/b:1.0",
		"    upstream: quay.io/a/b:1.0.1",
		"",
	].join("\n");
	const pinned = `quay.io/a/b:1.0@${digest}`;
	expect(
		writePins(text, [
			{ reference: "quay.io/a/b:1.0", pinned },
			{ reference: "quay.io/a/b:1.0.1", problem: "no answer" },
		]),
	).toBe(
		text.replace(
			"    upstream: quay.io/a/b:1.0\n",
			`    upstream: ${pinned}\n`,
		),
	);
});
