import { expect, test } from "vitest";
import { whyUntrue } from "../truth.ts";
import {
	type CapacitySeries,
	type ClaimedVolume,
	compareCapacities,
} from "./volume-capacities.ts";

const volumeClaims: ClaimedVolume[] = [
	{
		namespace: "monitoring",
		name: "db",
		requested: 1000,
		volume: { name: "pv-1", bytes: 1024 },
		isMounted: true,
	},
	{
		namespace: "media",
		name: "films",
		requested: 500,
		volume: { name: "pv-2", bytes: 512 },
		isMounted: false,
	},
	{ namespace: "media", name: "waiting", requested: 37, isMounted: false },
];

const make = (value: number, metric: Record<string, string>) => ({
	metric,
	value: { timestamp: 0, value },
});
const of = (
	namespace: string,
	name: string,
	value = 1,
	more: Record<string, string> = {},
) => make(value, { namespace, persistentvolumeclaim: name, ...more });

const nothing: CapacitySeries = {
	requests: [],
	volumes: [],
	bindings: [],
	fileSystems: [],
};
const requests = [
	of("monitoring", "db", 1000),
	of("media", "films", 500),
	of("media", "waiting", 37),
];
const bindings = [
	of("monitoring", "db", 1, { volumename: "pv-1" }),
	of("media", "films", 1, { volumename: "pv-2" }),
	of("media", "waiting"),
];
const volumes = [
	make(1024, { persistentvolume: "pv-1" }),
	make(512, { persistentvolume: "pv-2" }),
];

function explain(series: Partial<CapacitySeries>) {
	const { measured, truth } = compareCapacities(
		{ ...nothing, ...series },
		volumeClaims,
	);
	return whyUntrue(measured, truth)?.reason;
}

test.each<[string, Partial<CapacitySeries>]>([
	["what they ask for", { requests }],
	["what their volumes have", { bindings, volumes }],
	["their file systems", { fileSystems: [of("monitoring", "db", 1000)] }],
	[
		"several of these, of which the others may say less",
		{ requests, bindings, fileSystems: [of("monitoring", "db", 3)] },
	],
])("the capacities of volume claims are known by %s", (_, series) => {
	expect(explain(series)).toBeUndefined();
});

test("a source that says something must say it of every volume claim", () => {
	const others = { bindings, volumes };
	expect(explain({ requests: requests.slice(1), ...others })).toMatch(
		'the truth is {"monitoring/db":1000}',
	);
	expect(explain({ bindings: bindings.slice(1), volumes })).toMatch(
		'the truth is {"monitoring/db":1024}',
	);
	expect(explain({ fileSystems: [of("monitoring", "db", 800)] })).toMatch(
		'the series say {"monitoring/db":800}, the truth is {"monitoring/db":1024}',
	);
});

test("volumes that no series gives to a volume claim say nothing", () => {
	expect(explain({ volumes })).toMatch('"media/waiting":37');
	expect(explain({})).toMatch("the series say {}");
});
