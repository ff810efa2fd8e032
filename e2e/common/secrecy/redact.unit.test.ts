import { expect, test } from "vitest";
import { redact } from "./redact.ts";

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

test("without a secret in it, the text stays as it is", () => {
	expect(redact("plain", ["", "other"])).toBe("plain");
});
