import { mapsAt } from "../../../common/parsing/yaml-map.ts";
import { dataOf } from "../charts/data.ts";
import { at, textAt } from "../charts/fields.ts";
import { readIni } from "../charts/read-ini.ts";
import { objectsOf, type Side } from "../charts/side.ts";

/**
 * Whether a switch of Grafana, such as `alerting.enabled`, is on: in a variable of its environment, which wins, or in
 * grafana.ini.
 */
export function isSwitchedOn(side: Side, name: string): boolean {
	const path = name.split(".");
	const section = path.slice(0, -1).join(".");
	const key = path.at(-1) ?? "";
	const variable = `GF_${path.join("_").toUpperCase().replaceAll(/[.-]/g, "_")}`;
	const own = environmentOf(side).get(variable);
	if (own !== undefined) return isOn(own);
	return objectsOf(side, "ConfigMap", "Secret").some((each) => {
		const sections = readIni(dataOf(each).get("grafana.ini") ?? "");
		return isOn(withoutQuotes(sections[section]?.[key]));
	});
}

function withoutQuotes(value = ""): string {
	return value.replace(/^(["'`])(.*)\1$/, "$2");
}

/** What Grafana takes for true. */
function isOn(value: string): boolean {
	return /^(1|t|T|TRUE|true|True|YES|yes|Yes|y|ON|on|On)$/.test(value);
}

/** Variables of pods, and those that a chart gives Grafana in a Secret. */
function environmentOf(side: Side): Map<string, string> {
	const secrets = objectsOf(side, "Secret").flatMap((each) =>
		[...dataOf(each)].filter(([name]) => name.startsWith("GF_")),
	);
	const pods = objectsOf(side, "Deployment", "StatefulSet").flatMap((each) =>
		mapsAt(at(each, "spec.template.spec"), "containers").flatMap((container) =>
			mapsAt(container, "env").map((variable): [string, string] => [
				textAt(variable, "name"),
				String(variable.value ?? ""),
			]),
		),
	);
	return new Map([...secrets, ...pods]);
}
