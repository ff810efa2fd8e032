import { expect, test } from "vitest";
import { findShortPasswords } from "./short-passwords.ts";

test("passwords that are too short to be blanked are found, and nothing else", () => {
	const values = {
		grafana: {
			adminPassword: "abc",
			env: [{ name: "DB_PASS", value: "123" }],
			"grafana.ini": {
				database: { password: "" },
				smtp: { password: "long" },
				security: { password: "off" },
			},
			admin: { passwordKey: "pw" },
			maxTokens: "5",
			apiKey: "x",
		},
		remoteWrite: [{ basicAuth: { password: { name: "a", key: "b" } } }],
		notAText: { password: 12 },
	};
	expect(findShortPasswords(values)).toEqual([
		"grafana.adminPassword",
		"grafana.env.0.value",
	]);
	expect(findShortPasswords(null)).toEqual([]);
});
