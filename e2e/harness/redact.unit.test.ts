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

test("no secrets leave the text as it is", () => {
	expect(redact("plain", ["", "other"])).toBe("plain");
});
