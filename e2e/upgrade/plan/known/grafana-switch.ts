import { mapsAt } from "../../../common/parsing/yaml-map.ts";
import { dataOf } from "../charts/data.ts";
import { at, textAt } from "../charts/fields.ts";
import { objectsOf, type Side } from "../charts/side.ts";

/**
 * Whether a switch of Grafana, such as `alerting.enabled`, is on: in a variable of its environment, which wins, or in
 * grafana.ini.
 */
export function isSwitchedOn(side: Side, name: string): boolean {
	const [key = "", ...section] = name.split(".").reverse();
	const path = [...section.reverse(), key];
	const variable = `GF_${path.join("_").toUpperCase().replaceAll(/[.-]/g, "_")}`;
	const own = environmentOf(side).get(variable);
	return own === undefined
		? objectsOf(side, "ConfigMap", "Secret").some((each) =>
				isOn(
					entryIn(
						dataOf(each).get("grafana.ini") ?? "",
						path.slice(0, -1).join("."),
						key,
					),
				),
			)
		: isOn(own);
}

/** What Grafana takes for true. */
function isOn(value: string | undefined): boolean {
	return /^(1|t|T|TRUE|true|True|YES|yes|Yes|y|ON|on|On)$/.test(value ?? "");
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

function entryIn(
	ini: string,
	section: string,
	key: string,
): string | undefined {
	let current = "";
	let found: string | undefined;
	for (const line of ini.split(/\r?\n/)) {
		current = /^\s*\[(.*)\]\s*$/.exec(line)?.[1]?.trim() ?? current;
		const [, name = "", value = ""] =
			/^\s*([^#;=:[\s][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
		if (current === section && name === key)
			found = value.replace(/^(["'`])(.*)\1$/, "$2");
	}
	return found;
}
