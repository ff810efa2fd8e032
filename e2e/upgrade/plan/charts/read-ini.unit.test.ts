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

test("a colon ends a name as a sign does, and the last setting counts", () => {
	expect(readIni("[ a ]\r\nb: 1\r\nb = 2:3\n")).toEqual({ a: { b: "2:3" } });
});
