import { expect, test } from "vitest";
import { rememberGiven } from "./given.ts";
import { forgetSecrets, redact } from "./redact.ts";

const blanked = (text: string) => {
	const shown = redact(text);
	forgetSecrets();
	return shown;
};

test.each([
	["--images=pull:user:geheim@mirror.lan:5000", "geheim"],
	["pull:user:pa/ss 9@x@mirror.lan", "pa/ss 9@x"],
	["pull:Some-Token-9@mirror.lan", "Some-Token-9"],
	["--chart=me:geheim@charts.lan/stable", "geheim"],
	["--repository=https://me:ge'he\"im@charts.lan", "ge'he\"im"],
	["oci://me:ge%20heim@registry.lan/charts", "ge heim"],
	["--chart=https://charts.lan/x?access_token=T0ken", "T0ken"],
	["https://b.lan/x.tgz?X-Amz-Date=1&X-Amz-Signature=0a1b2c3d", "0a1b2c3d"],
])("of the argument %s, %s is blanked", (argument, secret) => {
	rememberGiven(["e2e", argument], {});
	expect(blanked(`refused: ${secret}.`)).toBe("refused: <blanked>.");
});

test.each([
	["GOPROXY", "https://me:first9@a.lan,https://you:second9@b.lan|direct"],
	["npm_config_proxy", "me:first9@proxy.lan:3128"],
	["https_proxy", "http://me:first9@proxy.lan"],
	["HELM_KUBETOKEN", "first9"],
	["HELM_DRIVER_SQL_CONNECTION_STRING", "host=db.lan password=first9"],
	["DATABASE_URL", "postgres://me:first9@db.lan/x"],
	["SLACK_WEBHOOK_URL", "https://hooks.lan/T1/first9"],
])("of the variable %s=%s, the password is blanked", (name, value) => {
	rememberGiven([], { [name]: value });
	expect(blanked("refused: first9.")).toBe("refused: <blanked>.");
});

test("every password of a list of addresses is blanked", () => {
	rememberGiven([], {
		GOPROXY: "https://me:first9@a.lan,https://you:second9@b.lan|direct",
	});
	expect(blanked("first9 second9 a.lan b.lan")).toBe(
		"<blanked> <blanked> a.lan b.lan",
	);
});

test("images, archives, charts and amounts stay readable", () => {
	const argv = [
		"--images=archive:/home/me@work/x:1.tar",
		"busybox:1.36@sha256:0123456789",
		"pull:mirror.lan:5000/path",
		"--chart=https://prometheus-community.github.io/helm-charts?mode=fast",
		"--values=/home/me@work/values.yaml",
		"--context=me@cluster",
	];
	rememberGiven(argv, {
		MAX_TOKENS: "10000",
		PWD: "/home/me/o11y",
		OLDPWD: "/home/me/before",
		SSH_KEY: process.execPath,
		NO_PROXY: "10.0.0.0/8,me@x",
		npm_config_noproxy: "lan:x@y.lan",
		PATH: "/usr/bin:/home/me@work/bin",
		TOKEN_FILE: "/home/me/token-of-mine",
	});
	const text = [
		...argv,
		"10000 lan:x /home/me/token-of-mine /home/me/o11y /home/me/before",
		process.execPath,
	].join(" ");
	expect(blanked(text)).toBe(text);
});
