import { expect, test } from "vitest";
import { stringify } from "yaml";
import { parseAsWritten } from "./as-written.ts";

const parseSpec = (spec: object) =>
	parseAsWritten(
		stringify({
			apiVersion: "v1",
			kind: "Prometheus",
			metadata: { name: "stack" },
			spec,
		}),
	);

test.each([
	["nothing", {}, "2h"],
	["a length", { thanos: { blockSize: "6h" } }, "6h"],
	["an empty length", { thanos: { blockSize: "" } }, "2h"],
])(
	"with %s in the spec, a block's length is that of the spec or the operator",
	(_, spec, length) => {
		expect(parseSpec(spec).blockSize).toBe(length);
	},
);

const containers = (startupProbe: object) => ({
	containers: [{ name: "other" }, { name: "prometheus", startupProbe }],
});

test.each([
	["nothing", {}, 900],
	["a limit", { maximumStartupDurationSeconds: 1200 }, 1200],
	[
		"a limit that the operator rounds up",
		{ maximumStartupDurationSeconds: 322 },
		324,
	],
	[
		"a limit that the operator ignores",
		{ maximumStartupDurationSeconds: 59 },
		900,
	],
	[
		"a probe of its own",
		containers({ periodSeconds: 2, failureThreshold: 5 }),
		10,
	],
	["a part of a probe", containers({ failureThreshold: 4 }), 60],
])(
	"with %s in the spec, Prometheus may start for this long",
	(_, spec, seconds) => {
		expect(parseSpec(spec).startUpSeconds).toBe(seconds);
	},
);

test("without a Prometheus, it is the operator's own", () => {
	expect(parseAsWritten("")).toEqual({
		blockSize: "2h",
		compactsLocally: false,
		startUpSeconds: 900,
	});
});
