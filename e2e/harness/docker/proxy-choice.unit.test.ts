import { expect, test } from "vitest";
import { chooseProxy } from "./proxy-choice.ts";

const HTTP_PROXY = "http://proxy:3128";

test.each([
	["http://10.1.2.3/", "10.0.0.0/8"],
	["http://10.1.2.3/", "10.*"],
	["http://10.1.2.3/", "10.1.2.3"],
	["http://[fd00::7]:81/", "fd00::/8"],
	["http://[fd00::7]/", "fd00::7"],
	["http://nas.home:8080/", "home"],
	["http://nas.home/", "other, .home"],
	["http://nas.home/", "*.home"],
	["http://NAS.home/", "Nas.Home"],
	["http://nas.home:8080/", "nas.home:8080"],
	["http://nas.home/", "nas.home:80"],
	["http://nas.home/", "*"],
	["http://127.0.0.1:8080/", ""],
	["http://[::1]:8080/", ""],
])("%s is out of the proxy with NO_PROXY=%s", (url, NO_PROXY) => {
	expect(chooseProxy(new URL(url), { HTTP_PROXY, NO_PROXY })).toBeUndefined();
});

test.each([
	["http://10.1.2.3/", "192.168.0.0/16"],
	["http://10.1.2.3/", "10.0.0.0/99"],
	["http://10.1.2.3/", "192.168.0.0/"],
	["http://ten.example.org/", "10.0.0.0/8"],
	["http://mynas/", "nas"],
	["http://home/", ".home"],
	["http://nas.home:8080/", "nas.home:80"],
])("%s goes through the proxy with NO_PROXY=%s", (url, NO_PROXY) => {
	expect(chooseProxy(new URL(url), { HTTP_PROXY, NO_PROXY })).toBe(HTTP_PROXY);
});

test.each([
	[
		"https://go.example.org/",
		{ HTTPS_PROXY: "http://s:1", HTTP_PROXY },
		"http://s:1",
	],
	["https://go.example.org/", { HTTP_PROXY }, HTTP_PROXY],
	["http://go.example.org/", { HTTPS_PROXY: "http://s:1" }, undefined],
	// curl, Go and apt take it without a scheme.
	["https://go.example.org/", { HTTPS_PROXY: "me:pw@s:1" }, "http://me:pw@s:1"],
] as const)("for %s and %j, the proxy is %s", (url, proxy, expected) => {
	expect(chooseProxy(new URL(url), proxy)).toBe(expected);
});
