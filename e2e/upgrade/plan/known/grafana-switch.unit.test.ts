import { expect, test } from "vitest";
import { makeSide } from "../cases/read-cases.ts";
import { isSwitchedOn } from "./grafana-switch.ts";

const withIni = (text: string) => ({
	kind: "ConfigMap",
	name: "g",
	data: { "grafana.ini": text },
});
const withVariable = (value: string, kind = "Deployment") => ({
	kind,
	name: "g",
	spec: {
		template: {
			spec: {
				containers: [
					{ name: "g", env: [{ name: "GF_ALERTING_ENABLED", value }] },
				],
			},
		},
	},
});
const isOn = (...objects: Parameters<typeof makeSide>[0][number][]) =>
	isSwitchedOn(makeSide(objects, {}), "alerting.enabled");

test.each([
	[[withIni("[alerting]\nenabled = true\n")]],
	[[withIni("[alerting]\nenabled=1")]],
	[[withIni("[a]\nb = c\n[alerting]\nd = e\n\nenabled = yes\r\n[f]\n")]],
	[[withIni('[alerting]\nenabled: "true"')]],
	[[withVariable("true")]],
	[[withVariable("1", "StatefulSet")]],
	[[{ kind: "Secret", name: "g", stringData: { GF_ALERTING_ENABLED: "t" } }]],
])("%j: it is on", (objects) => {
	expect(isOn(...objects)).toBe(true);
});

test.each([
	[
		[
			withIni(
				"[alerting]\nenabled = false\n[unified_alerting]\nenabled = true",
			),
		],
	],
	[
		[
			withIni(
				"[alerting]\n; enabled = true\n#enabled = true\nx_enabled = true",
			),
		],
	],
	[[withIni("[alerting]\nenabled = true"), withVariable("false")]],
	[[withVariable("no")]],
	[[]],
])("%j: it is off", (objects) => {
	expect(isOn(...objects)).toBe(false);
});
