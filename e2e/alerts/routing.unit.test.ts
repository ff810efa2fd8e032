import { expect, test } from "vitest";
import { parseConfig } from "./loaded-config.ts";
import { pickRoute } from "./routing.ts";

const config = parseConfig(`
route:
  receiver: slack
  repeat_interval: 6h
  routes:
  - {receiver: "null", matchers: ['alertname="Watchdog"']}
  - {matchers: ['severity="critical"'], repeat_interval: 1h, continue: true}
receivers:
- name: "null"
- {name: slack, slack_configs: [{api_url_file: /secret}]}
`);
const labels = { alertname: "NodeDown", severity: "critical" };

/** An amtool that prints these routes, and records its arguments. */
function makeTools(stdout: string) {
	const asked: (readonly string[])[] = [];
	const amtool = async (args: readonly string[]) => {
		asked.push(args);
		return { stdout, stderr: "", files: {} };
	};
	return { asked, amtool };
}

test("amtool is asked about a set of labels, and the route that it prints is looked up", async () => {
	const tools = makeTools("route-2\n");
	expect(await pickRoute(tools, config, labels)).toEqual({
		labels,
		goesTo: "slack",
		repeats: "1h",
	});
	expect(tools.asked[0]?.slice(-2)).toEqual([
		"alertname=NodeDown",
		"severity=critical",
	]);
});

test("of several routes, the ones to Slack are described", async () => {
	expect(
		await pickRoute(makeTools("route-1,route-2\n"), config, labels),
	).toMatchObject({
		goesTo: "slack",
		repeats: "1h",
	});
});

test("an answer without a route is an error", async () => {
	await expect(
		pickRoute(makeTools("default\n"), config, labels),
	).rejects.toThrow("no route");
});
