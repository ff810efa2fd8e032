import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { containsSecret, makeNeedles } from "./search.ts";

const url = "http://slack-mock.slack-mock.svc/services/T0/B0/s3cr3tt0k3n";
const needles = makeNeedles(`${url}\n`);
const base64 = (content: string | Uint8Array) =>
	Buffer.from(content).toString("base64");

test("a webhook is recognised by its address and by its token", () => {
	expect(needles).toEqual([url, "s3cr3tt0k3n"]);
	expect(makeNeedles("http://slack/x")).toEqual(["http://slack/x"]);
});

test.each([
	["plain", `api_url: ${url}`],
	["its token alone", 'path="/services/T0/B0/s3cr3tt0k3n"'],
	["base64", base64(`api_url: ${url}`)],
	["a Secret's manifest", `{"data":{"url":"${base64(`${url}\n`)}"}}`],
	["a Secret's, after 1 byte", `{"data":{"url":"${base64(`=${url}`)}"}}`],
	[
		"a Secret's, after 8 bytes",
		`{"data":{"url":"${base64(`api_url=${url}`)}"}}`,
	],
	["base64 of base64", `x: ${base64(`y${base64(`api_url: ${url}`)}`)}`],
	[
		"base64 with broken lines",
		base64(`api_url: ${url}`)
			.match(/.{1,20}/g)
			?.join("\n") ?? "",
	],
	[
		"base64 for URLs",
		`jwt.${base64(`??>>~~${url}`).replaceAll("+", "-").replaceAll("/", "_")}`,
	],
	["a URL's parameter", `next=${encodeURIComponent(url)}`],
	["a hexadecimal dump", Buffer.from(`api_url: ${url}`).toString("hex")],
	["gzip in base64 in an annotation", `{"last": "${base64(gzipSync(url))}"}`],
	["gzip", gzipSync(`api_url: ${url}`)],
	["gzip in base64", base64(gzipSync(`api_url: ${url}`))],
	[
		"a Helm release in a Secret",
		base64(base64(gzipSync(JSON.stringify({ config: { api_url: url } })))),
	],
])("it is found in %s", (_, content) => {
	expect(containsSecret(content, needles)).toBe(true);
});

test.each([
	["the file's name", "api_url_file: /etc/alertmanager/secrets/a/webhook-url"],
	["gzip of something else", base64(gzipSync("api_url: <secret>"))],
	["another Secret's manifest", `{"data":{"url":"${base64("http://b")}"}}`],
	["what only begins like gzip", new Uint8Array([0x1f, 0x8b, 1, 2, 3])],
	["nothing", ""],
])("it is not found in %s", (_, content) => {
	expect(containsSecret(content, needles)).toBe(false);
});
