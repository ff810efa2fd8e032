import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { clean, cleanAll, cutAfter, cutBefore, redact } from "./redact.ts";
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

const awkward = `p"w'd<&>_\\%41/ü`;
const json = JSON.stringify(awkward).slice(1, -1);
const escapeXml = (text: string) =>
	text
		.replaceAll("&", "&amp;")
		.replaceAll("<", "&lt;")
		.replaceAll(">", "&gt;")
		.replaceAll('"', "&quot;")
		.replaceAll("'", "&#39;");

test.each([
	["in plain", awkward],
	["in JSON", json],
	["in JSON in JSON", JSON.stringify(json)],
	[
		"in Go's JSON",
		json
			.replace("<", "\\u003c")
			.replace("&", "\\u0026")
			.replace(">", "\\u003E"),
	],
	["in HTML", escapeXml(awkward)],
	["in HTML with numbers", escapeXml(awkward).replace("&quot;", "&#x22;")],
	["in JSON in HTML", escapeXml(json)],
	["in Markdown", awkward.replaceAll(/([\\`*_<>[\]|])/g, "\\$1")],
	["in a URL", encodeURIComponent(awkward)],
	["in a URL in lower case", encodeURIComponent(awkward).toLowerCase()],
	["between single quotes in YAML", awkward.replaceAll("'", "''")],
	["in hexadecimal digits", Buffer.from(awkward).toString("hex").toUpperCase()],
	["in JSON in base64", Buffer.from(`{"a":"${json}"}`).toString("base64")],
])("a secret with quotes and brackets is blanked %s", (_, written) => {
	const text = `before ${written} after ${written}`;
	const blanked = redact(text, [awkward]);
	expect(blanked).toMatch(/^before .*<blanked>.* after .*<blanked>/);
	expect(containsSecret(text, [awkward])).toBe(true);
	expect(containsSecret(blanked, [awkward])).toBe(false);
	expect(blanked).not.toMatch(/p.?"?.?w|d<|&lt;/);
});

test("of two secrets that overlap, nothing stays", () => {
	expect(redact("x abcdefghijkl y", ["abcdef", "defghijkl"])).toBe(
		"x <blanked> y",
	);
});

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
	const text = `plain & &amp; \\" %41 \\u0041 ${"x".repeat(100)}`;
	expect(redact(text, ["", "other"])).toBe(text);
});

test("every text of a value is cleaned, however deep", () => {
	expect(
		cleanAll({ a: ["\u001b[1mb", 1, null], at: new Date(0), c: { d: true } }),
	).toEqual({ a: ["b", 1, null], at: new Date(0), c: { d: true } });
});

test("a text is cut after it is cleaned", () => {
	expect(clean("a\u0007")).toBe("a");
	expect(cutAfter("abcdef", 3)).toBe("abc...");
	expect(cutAfter("abc", 3)).toBe("abc");
	expect(cutBefore("abcdef", 3)).toBe("def");
});

test("a log of megabytes and hundreds of secrets take seconds, not minutes", () => {
	const secrets = Array.from({ length: 300 }, (_, i) => `secret-number-${i}-x`);
	const line = `level=info msg="say \\"hello\\"" path=/a%20b name=kube-prometheus\n`;
	const log = line.repeat(40_000) + secrets[7];
	const began = performance.now();
	expect(redact(log, secrets)).toMatch(/<blanked>$/);
	expect(performance.now() - began).toBeLessThan(20_000);
});
