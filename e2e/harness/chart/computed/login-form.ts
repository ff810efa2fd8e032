import { isEmpty, set } from "es-toolkit/compat";
import { yamlAt } from "../../../common/parsing/yaml-map.ts";
import type { Addition } from "./addition.ts";
import { lastSaid } from "./last-said.ts";
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
	const off = switches.filter((path) => textSaidLast(layers, path) === "true");
	if (off.length === 0) return undefined;
	const content = {};
	for (const path of off) set(content, path, "false");
	return {
		content: JSON.stringify(content),
		changed: off.map((path) => `${path.join(".")}=false`),
		reason: "The test has no other way into Grafana than the admin's password.",
	};
}

/** From where Grafana takes settings that only the homelab knows, such as those of another login. */
const elsewhere = [
	"envFromSecret",
	"envFromSecrets",
	"envFromConfigMaps",
	"envValueFrom",
] as const;

/**
 * Whether Grafana would have no login with a password: what its environment says counts more than its file. Undefined if
 * the values do not tell what else there is.
 */
export function isLoginFormOff(layers: readonly string[]): boolean | undefined {
	const said = switches.map((path) => textSaidLast(layers, path));
	const isOff = said.findLast((each) => each !== undefined) === "true";
	const isKnown = layers.every((each) =>
		elsewhere.every((key) => isEmpty(yamlAt(readValues(each), "grafana", key))),
	);
	return isOff && !isKnown ? undefined : isOff;
}

function textSaidLast(
	layers: readonly string[],
	path: readonly string[],
): string | undefined {
	const said = lastSaid(layers.map(readValues), ...path);
	return said === undefined ? undefined : String(said);
}
