import { expect, test } from "vitest";
import { describeRouteChanges } from "./route-changes.ts";

const root = (...routes: object[]) => ({ receiver: "chat", routes });
const watchdog = { matchers: ["alertname = Watchdog"], receiver: "null" };
const critical = { matchers: ["severity = critical"], receiver: "pager" };

test.each<[string, object, object, string[]]>([
	[
		"a field of the root",
		{ ...root(watchdog), repeat_interval: "12h" },
		{ ...root(watchdog), repeat_interval: "5m" },
		["the root: repeat_interval 12h → 5m"],
	],
	[
		"a route that goes",
		root(watchdog, critical),
		root(watchdog),
		['routes[1]: pager for severity="critical" → nothing'],
	],
	[
		"a route before others",
		root(watchdog),
		root(critical, watchdog),
		['routes[0]: nothing → pager for severity="critical"'],
	],
	[
		"another receiver",
		root(watchdog, critical),
		root(watchdog, { ...critical, receiver: "mail" }),
		['routes[1] for severity="critical": receiver pager → mail'],
	],
	[
		"other conditions",
		root(critical),
		root({ ...critical, matchers: ["severity =~ critical|page"] }),
		[
			'routes[0] for severity="critical": severity="critical" → severity=~"critical|page"',
		],
	],
	[
		"another order",
		root(watchdog, critical),
		root(critical, watchdog),
		["routes: those that stay are in another order"],
	],
	[
		"a receiver that is inherited no more",
		{ receiver: "chat", routes: [{ ...critical, receiver: "chat" }] },
		{ receiver: "mail", routes: [{ ...critical, receiver: "chat" }] },
		["the root: receiver chat → mail"],
	],
	[
		"a route below another",
		root({ ...critical, routes: [watchdog] }),
		root({ ...critical, routes: [] }),
		['routes[0].routes[0]: null for alertname="Watchdog" → nothing'],
	],
])("%s", (_, old, now, lines) => {
	expect(describeRouteChanges(old, now)).toEqual(lines);
});
