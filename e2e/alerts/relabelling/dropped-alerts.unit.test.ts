import { expect, test } from "vitest";
import { makePlantedAlerts } from "../planted-alerts.ts";
import { findDropped } from "./dropped-alerts.ts";

const planted = makePlantedAlerts("t");

function find(...lists: object[][]) {
	return findDropped(
		planted,
		{
			global: { scrape_interval: "1m", external_labels: { cluster: "home" } },
			scrape_configs: [],
			alerting: {
				alertmanagers: lists.map((alert_relabel_configs) => ({
					alert_relabel_configs,
				})),
			},
		},
		"monitoring",
	);
}

const drop = (label: string, regex: string) => ({
	source_labels: [label],
	regex,
	action: "drop",
});

test("what every Alertmanager is kept from is dropped", () => {
	expect(find([drop("severity", "none")])).toEqual([
		"infoInhibitor",
		"watchdog",
	]);
	expect(find([drop("alertname", "Watchdog")], [])).toEqual([]);
	expect(find([])).toEqual([]);
	expect(find()).toEqual([]);
});

test("alerts have external labels before they are relabelled", () => {
	expect(find([drop("cluster", "home")])).toHaveLength(
		Object.keys(planted).length,
	);
});
