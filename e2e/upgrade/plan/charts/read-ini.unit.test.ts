import { expect, test } from "vitest";
import { readIni } from "./read-ini.ts";

test("sections and settings", () => {
	const text = `
app_mode = production
# a comment = with a sign
[server]
root_url = https://grafana.example.org/?a=b
; off = true
[auth.generic_oauth]
enabled=true
empty =
`;
	expect(readIni(text)).toEqual({
		"": { app_mode: "production" },
		server: { root_url: "https://grafana.example.org/?a=b" },
		"auth.generic_oauth": { enabled: "true", empty: "" },
	});
});
