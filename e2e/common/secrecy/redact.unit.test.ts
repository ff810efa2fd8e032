import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { redact } from "./redact.ts";
import { containsSecret } from "./search.ts";

test("a secret is blanked in plain, as base64, in a URL and in JSON", () => {
	const secret = "http://slack/services/T1/B2/xyz";
	const text = [
		secret,
		Buffer.from(secret).toString("base64"),
		encodeURIComponent(secret),
		secret.replaceAll("/", "\\/"),
	].join(" | ");
	expect(redact(text, ["xyz", secret])).toBe(
		"<blanked> | <blanked> | <blanked> | <blanked>",
	);
});

test.each(["", "a", "ab"])(
	"a secret is blanked in the base64 of a text that contains it, after '%s'",
	(before) => {
		const secret = "correct-horse-battery-staple";
		const encoded = Buffer.from(`${before}${secret}\n`).toString("base64");
		const left = redact(encoded, [secret]).replace("<blanked>", "");
		expect(left.length).toBeLessThan(12);
	},
);

test("what the search finds is blanked", () => {
	const secret = "correct-horse-battery-staple";
	const base64 = (text: string | Uint8Array) =>
		Buffer.from(text).toString("base64");
	const text = [
		base64(base64(secret)),
		Buffer.from(secret).toString("hex"),
		`last: ${base64(gzipSync(`a: ${secret}`))}`,
	].join("\n");
	expect(containsSecret(text, [secret])).toBe(true);
	expect(containsSecret(redact(text, [secret]), [secret])).toBe(false);
});

test("without a secret in it, the text stays as it is", () => {
	expect(redact("plain", ["", "other"])).toBe("plain");
});
