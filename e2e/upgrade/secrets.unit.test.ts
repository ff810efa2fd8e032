import { expect, test } from "vitest";
import { redact } from "../common/secrecy/redact.ts";
import { rememberSecretsIn } from "./secrets.ts";

test("secrets in values are blanked, names are not", () => {
	rememberSecretsIn({
		grafana: {
			adminPassword: "hunter2hunter2",
			admin: { existingSecret: "grafana-admin" },
		},
		remoteWrite: [
			{
				url: "https://me:pa55word@far/write",
				headers: { Authorization: "Bearer abcdef" },
			},
		],
		receivers: [
			{
				slack_configs: [
					{ api_url: "https://hooks/T/B/x", api_url_file: "/etc/url-file" },
				],
			},
		],
	});
	const text =
		"hunter2hunter2 grafana-admin https://me:pa55word@far Bearer abcdef https://hooks/T/B/x /etc/url-file";
	expect(redact(text)).not.toMatch(/hunter2|pa55word|abcdef|hooks/);
	expect(redact(text)).toMatch(/grafana-admin .* \/etc\/url-file/);
});
