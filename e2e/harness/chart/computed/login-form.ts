import { set } from "es-toolkit/compat";
import { yamlAt } from "../../../common/parsing/yaml-map.ts";
import type { Addition } from "./addition.ts";
import { readValues } from "./read-values.ts";

/** Where values switch off Grafana's login with a password, as homelabs do where people log in by something else. */
const switches = [
	["grafana", "grafana.ini", "auth", "disable_login_form"],
	["grafana", "env", "GF_AUTH_DISABLE_LOGIN_FORM"],
] as const;

/**
 * Switches Grafana's login with a password on where values switch it off: the API server's proxy keeps basic
 * authentication for itself, so that the test has no other way.
 *
 * @param layers contents of values files, in their order
 * @returns undefined if no values switch it off
 */
export function openLoginForm(layers: readonly string[]): Addition | undefined {
	const values = layers.map(readValues);
	const off = switches.filter((path) => {
		const said = values
			.map((each) => yamlAt(each, ...path))
			.findLast((each) => each !== undefined);
		return String(said) === "true";
	});
	if (off.length === 0) return undefined;
	const content = {};
	for (const path of off) set(content, path, "false");
	return {
		content: JSON.stringify(content),
		changed: off.map((path) => `${path.join(".")}=false`),
		reason: "The test has no other way into Grafana than the admin's password.",
	};
}
