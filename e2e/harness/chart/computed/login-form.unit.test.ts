import { expect, test } from "vitest";
import { parse } from "yaml";
import { isLoginFormOff, openLoginForm } from "./login-form.ts";

test("a login form that values switch off is switched on, wherever they do", () => {
	const opened = openLoginForm([
		"grafana: { grafana.ini: { auth: { disable_login_form: true } } }",
		'grafana: { env: { GF_AUTH_DISABLE_LOGIN_FORM: "true" } }',
	]);
	expect(parse(opened?.content ?? "")).toEqual({
		grafana: {
			"grafana.ini": { auth: { disable_login_form: "false" } },
			env: { GF_AUTH_DISABLE_LOGIN_FORM: "false" },
		},
	});
	expect(opened?.changed).toEqual([
		"grafana.grafana.ini.auth.disable_login_form=false",
		"grafana.env.GF_AUTH_DISABLE_LOGIN_FORM=false",
	]);
});

test.each([
	["say nothing of it", ["grafana: { enabled: true }", ""]],
	[
		"switch it on again in a later file",
		[
			"grafana: { grafana.ini: { auth: { disable_login_form: true } } }",
			"grafana: { grafana.ini: { auth: { disable_login_form: false } } }",
		],
	],
])("values that %s stay as they are", (_, layers) => {
	expect(openLoginForm(layers)).toBeUndefined();
});

test("the environment decides whether the form is off, then the file", () => {
	const file =
		"grafana: { grafana.ini: { auth: { disable_login_form: true } } }";
	const env = (value: string) =>
		`grafana: { env: { GF_AUTH_DISABLE_LOGIN_FORM: "${value}" } }`;
	expect(isLoginFormOff([file])).toBe(true);
	expect(isLoginFormOff([env("true")])).toBe(true);
	expect(isLoginFormOff([env("false"), file])).toBe(false);
	expect(isLoginFormOff(["{}", ""])).toBe(false);
	expect(
		isLoginFormOff([file, "grafana: { envFromSecret: grafana-oauth }"]),
		"the Secret may switch another login on",
	).toBeUndefined();
});
