import {
	type GrafanaSettings,
	isSettingOn,
} from "../clients/grafana/settings.ts";
import type { Environment } from "../common/environment.ts";

/** Sections about who asks that are no login of a person: visitors have none, and a browser offers no basic authentication. */
const noLogin = ["auth.anonymous", "auth.basic", "auth.extended_jwt"];

/**
 * Why nobody could log in to the homelab's Grafana, as a sentence; undefined if somebody can. The test itself logs in by
 * the form, which is switched on for it.
 *
 * @param settings undefined if they cannot be read
 */
export function whyNobodyLogsIn(
	{ loginFormOff }: Pick<Environment["asWritten"], "loginFormOff">,
	settings: GrafanaSettings | undefined,
): string | undefined {
	if (!loginFormOff || !settings) return undefined;
	const isOpen = Object.entries(settings).some(
		([section, { enabled }]) =>
			section.startsWith("auth.") &&
			!noLogin.includes(section) &&
			isSettingOn(enabled),
	);
	return isOpen
		? undefined
		: "disable_login_form is true and no other login is enabled, so nobody can log in with the admin's credentials";
}
