import { expect, test } from "vitest";
import { proxyWithoutLogin, withoutLogin } from "./without-login.ts";

test.each([
	["http://user:pass@proxy:3128", "http://proxy:3128"],
	["http://user:p@ss@proxy", "http://proxy"],
	["http://user:Pr0xy/Pass-9@127.0.0.1:3128", "http://127.0.0.1:3128"],
	["oci://token@ghcr.io/a/b@sha256:0", "oci://ghcr.io/a/b@sha256:0"],
	["https://modules.example/a/@v/b.zip", "https://modules.example/a/@v/b.zip"],
	["http://host:8080/a@b", "http://host:8080/a@b"],
	["http://[::1]:8080/a@b", "http://[::1]:8080/a@b"],
	["file:///home/me@work/x", "file:///home/me@work/x"],
	["image@sha256:0", "image@sha256:0"],
])("%s is shown as %s", (url, shown) => {
	expect(withoutLogin(url)).toBe(shown);
});

test.each([
	["user:Pr0xy-Pass-9@127.0.0.1:3128", "127.0.0.1:3128"],
	["http://user:1/2@proxy:3128", "http://proxy:3128"],
	["http://user:p@s/s@proxy:3128", "http://proxy:3128"],
	["proxy:3128", "proxy:3128"],
])("the proxy %s is shown as %s", (proxy, shown) => {
	expect(proxyWithoutLogin(proxy)).toBe(shown);
});
