import { isSettingOn } from "../../../clients/grafana/settings.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { describeDifference } from "../charts/differences.ts";
import { withoutSlash } from "../charts/fields.ts";
import type { Side } from "../charts/side.ts";
import { grafanaSettingsOf } from "./grafana-settings.ts";
import { provisionedIn } from "./provisioned.ts";

type Settings = ReadonlyMap<string, string>;

/** Settings of Grafana that stop its alerts or its mails, or that give people more than before. */
export function compareGrafanaSwitches(a: Side, b: Side): Reason[] {
	const before = grafanaSettingsOf(a);
	const after = grafanaSettingsOf(b);
	// Without one of the two there is nothing to compare: its object is new or gone.
	if (before.size === 0 || after.size === 0) return [];
	return [
		...stoppedAlerts(before, after, b),
		...stoppedMails(before, after, b),
		...moreForNewUsers(before, after),
		...movedLogin(before, after),
	];
}

function stoppedAlerts(before: Settings, after: Settings, b: Side): Reason[] {
	const names = [
		"GF_UNIFIED_ALERTING_ENABLED",
		"GF_UNIFIED_ALERTING_EXECUTE_ALERTS",
	].filter(
		(name) => isOn(before.get(name), true) && !isOn(after.get(name), true),
	);
	const { alerts } = provisionedIn(b);
	return names.length === 0
		? []
		: [
				makeReason(
					"setting-changed",
					"Grafana's settings unified_alerting",
					`Grafana's alerting is switched off: none of its alerts fires any more, ${alerts.length > 0 ? "neither those that are provisioned nor" : "also none of"} those that were made in the browser.`,
					{
						evidence: names.map((name) => evidenceOf(name, before, after)),
						danger: alerts.length > 0 ? "unsafe" : "review",
						wayOut:
							"Set unified_alerting.enabled of grafana.ini to true, unless nobody uses Grafana's alerts.",
					},
				),
			];
}

function stoppedMails(before: Settings, after: Settings, b: Side): Reason[] {
	const name = "GF_SMTP_ENABLED";
	if (!isOn(before.get(name)) || isOn(after.get(name))) return [];
	const points = provisionedIn(b)
		.contactPoints.filter(({ receivers }) =>
			receivers.some(({ type }) => type === "email"),
		)
		.map((each) => each.name);
	const effect =
		points.length > 0
			? `what goes to ${points.join(" and ")} reaches nobody`
			: "alerts that go to a mailbox, invitations and new passwords reach nobody";
	return [
		makeReason(
			"setting-changed",
			"Grafana's settings smtp",
			`Grafana sends no mail any more: ${effect}.`,
			{
				evidence: [evidenceOf(name, before, after)],
				wayOut:
					"Set the section smtp of grafana.ini to the old values, if somebody waits for its mail.",
			},
		),
	];
}

const roles = ["none", "viewer", "editor", "admin"];

function moreForNewUsers(before: Settings, after: Settings): Reason[] {
	const role = "GF_USERS_AUTO_ASSIGN_ORG_ROLE";
	const signUp = "GF_USERS_ALLOW_SIGN_UP";
	const [old = 0, now = 0] = [before, after].map((each) =>
		roles.indexOf((each.get(role) || "viewer").toLowerCase()),
	);
	const found = [
		...(now > old && old >= 0 ? [role] : []),
		...(isOn(after.get(signUp)) && !isOn(before.get(signUp)) ? [signUp] : []),
	];
	return found.length === 0
		? []
		: [
				makeReason(
					"setting-changed",
					"Grafana's settings users",
					found.includes(role)
						? `Who comes into Grafana for the first time is ${after.get(role)} of it from now on.`
						: "Anybody who reaches Grafana may make an account there.",
					{
						evidence: found.map((name) => evidenceOf(name, before, after)),
						wayOut:
							"Check that new users may have this; set the section users of grafana.ini to the old values otherwise.",
					},
				),
			];
}

/** Providers of logins only send people back to an address that they know. */
function movedLogin(before: Settings, after: Settings): Reason[] {
	const name = "GF_SERVER_ROOT_URL";
	const [from, to] = [before, after].map(rootOf);
	// One that is new is set up with the new address.
	const providers = [...after]
		.filter(
			([key, value]) =>
				withRedirect.test(key) && isOn(value) && isOn(before.get(key)),
		)
		.map(([key]) => withRedirect.exec(key)?.[1]?.toLowerCase() ?? "");
	return providers.length === 0 || from === to
		? []
		: [
				makeReason(
					"setting-changed",
					"Grafana's settings root_url",
					`Grafana's own address changes, to which ${providers.join(", ")} sends people back after the login: it refuses an address that it does not know.`,
					{
						evidence: [describeDifference({ path: name, from, to })],
						wayOut:
							"Allow the new address as a redirect where the provider is set up, or set server.root_url to the old one.",
					},
				),
			];
}

const withRedirect =
	/^GF_AUTH_(GENERIC_OAUTH|GOOGLE|GITHUB|GITLAB|AZUREAD|OKTA|GRAFANA_COM|SAML)_ENABLED$/;

/** Grafana's own address, of which other settings may be a part. */
function rootOf(settings: Settings): string {
	const root = settings.get("GF_SERVER_ROOT_URL") || usualRoot;
	const filled = root.replaceAll(
		/%\((\w+)\)s/g,
		(all, key: string) =>
			settings.get(`GF_SERVER_${key.toUpperCase()}`) ||
			(usualParts[key] ?? all),
	);
	return addressOf(filled);
}

/** https://github.com/grafana/grafana/blob/main/conf/defaults.ini */
const usualRoot = "%(protocol)s://%(domain)s:%(http_port)s/";
const usualParts: Readonly<Record<string, string>> = {
	protocol: "http",
	domain: "localhost",
	http_port: "3000",
};

/** Without what makes no other address of it. */
function addressOf(url: string): string {
	try {
		return withoutSlash(new URL(url).href);
	} catch {
		return withoutSlash(url);
	}
}

function isOn(value: string | undefined, usually = false): boolean {
	return value ? isSettingOn(value) : usually;
}

function evidenceOf(name: string, before: Settings, after: Settings): string {
	return describeDifference({
		path: name,
		from: before.get(name),
		to: after.get(name),
	});
}
