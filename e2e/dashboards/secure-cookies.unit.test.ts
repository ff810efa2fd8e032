import { expect, test } from "vitest";
import { secureCookiesIn } from "./secure-cookies.ts";

test("only cookies for https are found, with their values", () => {
	expect(
		secureCookiesIn([
			{ name: "Content-Type", value: "a=b; Secure" },
			{
				name: "Set-Cookie",
				value: "grafana_session=x%3D=; Path=/; Max-Age=9; HttpOnly; Secure",
			},
			{ name: "set-cookie", value: "expiry=1; Path=/\nother=2; secure" },
			{ name: "set-cookie", value: "secure=1; Path=/secure" },
		]),
	).toEqual([
		{ name: "grafana_session", value: "x%3D=" },
		{ name: "other", value: "2" },
	]);
});
