import { expect, test } from "vitest";
import { whyNobodyLogsIn } from "./closed-login.ts";

const enabled = { enabled: "true" };
const own = {
	auth: { disable_login_form: "false" },
	"auth.anonymous": enabled,
	"auth.basic": enabled,
	"auth.generic_oauth": { enabled: "false" },
};

test("without the form, something else lets people in", () => {
	expect(whyNobodyLogsIn({ loginFormOff: true }, own)).toMatch(
		/^disable_login_form is true and no other login is enabled, so nobody/,
	);
	for (const provider of ["generic_oauth", "proxy", "ldap", "github", "jwt"])
		expect(
			whyNobodyLogsIn(
				{ loginFormOff: true },
				{ ...own, [`auth.${provider}`]: enabled },
			),
		).toBeUndefined();
});

test("with the form, or without Grafana's settings, nothing is said", () => {
	expect(whyNobodyLogsIn({ loginFormOff: false }, own)).toBeUndefined();
	expect(whyNobodyLogsIn({}, own)).toBeUndefined();
	expect(whyNobodyLogsIn({ loginFormOff: true }, undefined)).toBeUndefined();
});
