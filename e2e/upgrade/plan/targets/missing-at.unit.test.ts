import { expect, test } from "vitest";
import { makeSide } from "../cases/read-cases.ts";
import { compareTargets } from "./compare-targets.ts";

interface Written {
	readonly selector?: object;
	readonly port?: string;
	readonly labels?: Record<string, string>;
	readonly portOfService?: string;
}

/** An exporter with its Service and its monitor. */
function makeScraped({
	selector = { matchLabels: { app: "a" } },
	port = "http",
	labels = { app: "a" },
	portOfService = "http",
}: Written) {
	const own = { app: "exporter" };
	const template = {
		metadata: { labels: own },
		spec: { containers: [{ name: "a" }] },
	};
	return makeSide([], {
		objects: [
			{
				...{ kind: "Prometheus", name: "p" },
				spec: { serviceMonitorSelector: {} },
			},
			{
				...{ kind: "Deployment", name: "exporter" },
				spec: { selector: { matchLabels: own }, template },
			},
			{
				...{ kind: "Service", name: "s", labels },
				spec: { selector: own, ports: [{ name: portOfService, port: 80 }] },
			},
			{
				...{ kind: "ServiceMonitor", name: "m" },
				spec: { selector, endpoints: [{ port }] },
			},
		],
	});
}

const among = (values: string[]) => ({
	matchExpressions: [{ key: "app", operator: "In", values }],
});
const correctPort =
	"Correct the port that the monitor looks for: what is there has not lost it.";
const correctLabel = correctPort.replace("port", "label");
const giveBack = (what: string) =>
	`Give the Service ${what} back, or let the monitor look for what is there now.`;

test.each<[string, Written, Written, string, string]>([
	[
		"the monitor asks for another port",
		{},
		{ port: "metrics" },
		"it now looks for the port metrics, and the Service has only http.",
		correctPort,
	],
	[
		"the Service calls its port otherwise",
		{},
		{ portOfService: "web" },
		"it looks for the port http, which the Service now calls web.",
		giveBack("that name of its port"),
	],
	[
		"the monitor asks for another label",
		{},
		{ selector: { matchLabels: { app: "b" } } },
		"it now looks for app=b, and the Service has app=a.",
		correctLabel,
	],
	[
		"the monitor asks for a label more",
		{},
		{ selector: { matchLabels: { app: "a", tier: "b" } } },
		"it now looks for tier=b, and the Service has no label tier.",
		correctLabel,
	],
	[
		"the Service has another label",
		{},
		{ labels: { app: "b" } },
		"it looks for app=a, and the Service now has app=b.",
		giveBack("that label"),
	],
	[
		"the Service has no label",
		{},
		{ labels: {} },
		"it looks for app=a, and the Service no longer has the label app.",
		giveBack("that label"),
	],
	[
		"the monitor has another expression",
		{ selector: among(["a"]) },
		{ selector: among(["b", "c"]) },
		"it now looks for app in (b,c), and the Service has app=a.",
		correctLabel,
	],
	[
		"the Service meets an expression no longer",
		{ selector: among(["a"]) },
		{ selector: among(["a"]), labels: { app: "b" } },
		"it looks for app in (a), and the Service now has app=b.",
		giveBack("that label"),
	],
])("%s", (_, before, after, says, wayOut) => {
	const [found, ...others] = compareTargets(
		makeScraped(before),
		makeScraped(after),
	);
	expect(others).toEqual([]);
	expect(found?.what.split("scrapes it: ")[1]).toBe(says);
	expect(found?.wayOut).toBe(wayOut);
});

test("a monitor that asks in other words finds the same", () => {
	expect(
		compareTargets(makeScraped({}), makeScraped({ selector: among(["a"]) })),
	).toEqual([]);
});
