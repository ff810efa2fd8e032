import { expect, test } from "vitest";
import { compareSides } from "../compare.ts";
import { makeSide } from "./read-cases.ts";

/** The evidence of everything that differs between two objects of one name. */
function evidenceOf(kind: string, before: object, after: object): string[] {
	const side = (content: object) =>
		makeSide([], { objects: [{ kind, name: "a", ...content }] });
	return compareSides(side(before), side(after)).flatMap(({ id, evidence }) =>
		evidence.map((each) => `${id}: ${each}`),
	);
}

test("each setting of grafana.ini is shown, a password is not", () => {
	expect(
		evidenceOf(
			"ConfigMap",
			{ data: { "grafana.ini": "[smtp]\nhost = a:25\npassword = x\n" } },
			{ data: { "grafana.ini": "[smtp]\nhost = b:25\npassword = y\n" } },
		),
	).toEqual([
		'configuration-changed: grafana.ini.smtp.host: "a:25" → "b:25"',
		"configuration-changed: grafana.ini.smtp.password: changes (not shown)",
	]);
});

test("of a Secret the paths are shown, and no values", () => {
	expect(
		evidenceOf(
			"Secret",
			{ stringData: { "objstore.yml": "{type: S3, config: {bucket: a}}" } },
			{ stringData: { "objstore.yml": "{type: S3, config: {bucket: b}}" } },
		),
	).toEqual([
		"configuration-changed: objstore.yml.config.bucket: changes (not shown)",
	]);
});

test("of Alertmanager's configuration the paths are shown, and only what cannot be secret", () => {
	const routing = (timeout: string, url: string) => ({
		stringData: {
			"alertmanager.yaml": `{global: {resolve_timeout: ${timeout}, slack_api_url: ${url}}, route: {receiver: chat}, receivers: [{name: chat, slack_configs: [{api_url: ${url}, send_resolved: ${url === "a"}}]}]}`,
		},
	});
	expect(evidenceOf("Secret", routing("5m", "a"), routing("3m", "b"))).toEqual([
		"receiver-changed: slack_configs[0].api_url: changes (not shown)",
		"receiver-changed: slack_configs[0].send_resolved: true → false",
		"alerting-configuration-changed: global.slack_api_url: changes (not shown)",
		'alerting-configuration-changed: global.resolve_timeout: "5m" → "3m"',
	]);
});

test("an image by its tag and its digest", () => {
	const image = (digit: string) => ({
		images: [`docker.io/a/c:v1@sha256:${digit.repeat(64)}`],
	});
	const [reason] = compareSides(
		makeSide([], image("a")),
		makeSide([], image("b")),
	);
	expect(reason?.what).toBe(
		"c goes from v1@sha256:aaaaaaaaaaaa... to v1@sha256:bbbbbbbbbbbb...: the same tag, with another digest.",
	);
});
