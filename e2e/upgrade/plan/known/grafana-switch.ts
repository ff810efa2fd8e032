import type { Side } from "../charts/side.ts";
import {
	environmentOf,
	iniFilesOf,
	variableOf,
	withoutQuotes,
} from "../grafana/grafana-settings.ts";

/**
 * Whether a switch of Grafana, such as `alerting.enabled`, is on: in a variable of its environment, which wins, or in
 * grafana.ini.
 */
export function isSwitchedOn(side: Side, name: string): boolean {
	const path = name.split(".");
	const section = path.slice(0, -1).join(".");
	const key = path.at(-1) ?? "";
	const own = environmentOf(side).get(variableOf(name));
	if (own !== undefined) return isOn(own);
	return iniFilesOf(side).some((sections) =>
		isOn(withoutQuotes(sections[section]?.[key])),
	);
}

/** What Grafana takes for true. */
function isOn(value: string): boolean {
	return /^(1|t|T|TRUE|true|True|YES|yes|Yes|y|ON|on|On)$/.test(value);
}
