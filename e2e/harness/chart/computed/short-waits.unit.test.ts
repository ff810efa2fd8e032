import { expect, test } from "vitest";
import { parse } from "yaml";
import { shortenWaits } from "./short-waits.ts";

const overrides = `
alertmanager:
  config:
    route: { group_wait: 1s, group_interval: 5s }
`;
const withRoutes = (routes: string) =>
	`alertmanager: { config: { route: { group_interval: 12h, routes: ${routes} } } }`;
const homelab = withRoutes('[{ receiver: "null" }, { receiver: slack }]');

test("waits of routes at any depth are replaced, and nothing else", () => {
	const mine = withRoutes(
		`[{ receiver: "null", continue: yes }, { receiver: slack, group_wait: 15m, repeat_interval: 1h, routes: [{ matchers: ['a = "on"'], group_interval: 30m, group_wait: 1s }] }]`,
	);
	const { content, shortened } = shortenWaits([homelab, mine, ""], overrides);
	expect(parse(content ?? "")).toEqual({
		alertmanager: {
			config: {
				route: {
					routes: [
						{ receiver: "null", continue: true },
						{
							receiver: "slack",
							group_wait: "1s",
							repeat_interval: "1h",
							routes: [
								{
									matchers: ['a = "on"'],
									group_wait: "1s",
									group_interval: "5s",
								},
							],
						},
					],
				},
			},
		},
	});
	const path = "alertmanager.config.route.routes[1]";
	expect(shortened).toEqual([
		{ path: `${path}.group_wait`, said: "15m", value: "1s" },
		{ path: `${path}.routes[0].group_interval`, said: "30m", value: "5s" },
	]);
});

test.each([
	["routes without waits", [homelab]],
	[
		"waits that a later list replaces",
		[withRoutes("[{ group_wait: 5m }]"), homelab],
	],
	["waits that are short enough", [withRoutes("[{ group_wait: 1s }]")]],
	[
		"what is no duration",
		[withRoutes('[{ group_wait: "{{ .Values.wait }}" }]')],
	],
	["no routes", ["", "alertmanager: { enabled: false }", withRoutes("null")]],
])("nothing is replaced: %s", (_, layers) => {
	expect(shortenWaits(layers, overrides)).toEqual({
		content: undefined,
		shortened: [],
	});
});
