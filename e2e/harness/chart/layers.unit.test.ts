import { expect, test } from "vitest";
import { makeComputedOverrides, makeValuesFlags } from "./layers.ts";

const layers = [
	{ path: "homelab" },
	{ path: "overrides", forTest: "override" },
	{ path: "defaults", forTest: "default" },
	{ path: "person" },
] as const;

test("the test's overrides come last, its defaults in their order", () => {
	const flags = makeValuesFlags(layers, {
		further: "further",
		last: ["waits"],
	});
	expect(flags.map((flag) => flag.split("=")[1])).toEqual([
		"homelab",
		"defaults",
		"person",
		"further",
		"overrides",
		"waits",
	]);
});

test("as written, neither is there", () => {
	expect(makeValuesFlags(layers, { asWritten: true })).toEqual([
		"--values=homelab",
		"--values=person",
	]);
});

const route = (fields: string) =>
	`alertmanager: { config: { route: { ${fields} } } }`;

test("further values count for what Alertmanager waits, and only with overrides there is anything to shorten", () => {
	const own = { path: "homelab", content: "{}" };
	const override = {
		path: "overrides",
		content: route("group_wait: 1s"),
		forTest: "override",
	} as const;
	const further = route("routes: [{ group_wait: 5m }]");
	expect(makeComputedOverrides([own, override], further)).toEqual([
		expect.stringContaining('"routes":[{"group_wait":"1s"}]'),
	]);
	expect(makeComputedOverrides([own, override])).toEqual([]);
	expect(makeComputedOverrides([own], further)).toEqual([]);
});

test("Slack's mock is trusted if further values name Slack's own address, and only in a test", () => {
	const override = {
		path: "overrides",
		content: "{}",
		forTest: "override",
	} as const;
	const bot = "api_url: https://slack.com/api/chat.postMessage";
	expect(makeComputedOverrides([override], bot)).toEqual([
		expect.stringContaining("slack-mock-authority"),
	]);
	expect(makeComputedOverrides([], bot)).toEqual([]);
});

test("requests are lowered to the room of nodes, if there are any", () => {
	const override = {
		path: "overrides",
		content: "{}",
		forTest: "override",
	} as const;
	const large = "grafana: { resources: { requests: { cpu: 2 } } }";
	const tier = { cpu: 1, memory: 2 ** 32 };
	const room = { small: tier, medium: tier, large: tier };
	expect(makeComputedOverrides([override], large, room)).toEqual([
		expect.stringContaining('"cpu":"150m"'),
	]);
	expect(makeComputedOverrides([override], large)).toEqual([]);
});
