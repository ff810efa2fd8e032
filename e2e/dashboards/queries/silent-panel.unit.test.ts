import { expect, test } from "vitest";
import { madeDatasources } from "./made-datasources.ts";
import { readDashboard } from "./model.ts";
import { makePanelRequest } from "./panel-request.ts";
import { whySilent } from "./silent-panel.ts";

function judge(targets: readonly object[], more: object = {}) {
	const panel = { type: "timeseries", targets, ...more };
	const [read] = readDashboard({ title: "t", panels: [panel] }).panels;
	if (!read) throw new Error("the panel has no targets");
	const range = { from: 0, to: 3_600_000 };
	return whySilent(
		read,
		makePanelRequest(read, new Map(), madeDatasources, range),
	);
}

const hidden = { refId: "A", expr: "up", hide: true };

test("a panel that asks for nothing draws nothing", () => {
	expect(judge([hidden])).toContain("each of its queries is switched off");
	expect(judge([{ refId: "A", expr: "" }])).toContain("no query");
	expect(judge([hidden, { refId: "B" }])).toContain("no query");
});

test("other panels need not ask, or ask something else", () => {
	for (const more of [
		{ type: "text" },
		{ type: "canvas" },
		{ datasource: "-- Dashboard --" },
		{ datasource: "-- Grafana --" },
		{ datasource: "gone" },
	])
		expect(judge([{ refId: "A" }], more)).toBeUndefined();
	expect(judge([hidden, { refId: "B", expr: "up" }])).toBeUndefined();
});
