import { mapsAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { dataOf } from "../charts/data.ts";
import { describeDifference, describeHidden } from "../charts/differences.ts";
import { at, textAt } from "../charts/fields.ts";
import { readIni } from "../charts/read-ini.ts";
import { isSecretName } from "../charts/secret-names.ts";
import { objectsOf, type Side } from "../charts/side.ts";

/** Settings of Grafana that decide who comes in, and where its data is, that change. */
export function compareGrafanaSettings(a: Side, b: Side): Reason[] {
	const before = grafanaSettingsOf(a);
	const after = grafanaSettingsOf(b);
	// Without one of the two there is nothing to compare: its object is new or gone.
	if (before.size === 0 || after.size === 0) return [];
	const changed = [...new Set([...before.keys(), ...after.keys()])]
		.map((name) => ({ name, from: before.get(name), to: after.get(name) }))
		.filter(({ from, to }) => usual(from) !== usual(to));
	return watched.flatMap(({ names, say }) => {
		const own = changed.filter(({ name }) => names.test(name));
		return own.length === 0
			? []
			: [
					say(
						own.map(({ name, from, to }) =>
							isSecretName(name) || /SECRET|PASSWORD|KEY|DSN|URL/.test(name)
								? describeHidden({ path: name })
								: describeDifference({ path: name, from, to }),
						),
					),
				];
	});
}

const subject = "Grafana's settings";

const watched: readonly {
	/** As variables of the environment, e.g. `GF_DATABASE_TYPE`. */
	readonly names: RegExp;
	readonly say: (evidence: readonly string[]) => Reason;
}[] = [
	{
		names: /^GF_DATABASE_(TYPE|HOST|NAME|URL|PATH)$/,
		say: (evidence) =>
			makeReason(
				"grafana-data-lost",
				`${subject} database`,
				"Grafana uses another database: users, dashboards and alerts that were made in the browser stay in the old one.",
				{
					evidence,
					danger: "unsafe",
					wayOut:
						"Keep the section database of grafana.ini as it was, or copy the database before.",
				},
			),
	},
	{
		names: /^GF_SECURITY_SECRET_KEY$/,
		say: (evidence) =>
			makeReason(
				"setting-changed",
				`${subject} secret_key`,
				"Grafana has another secret_key: it cannot read the passwords of datasources and contact points in its database any more.",
				{
					evidence,
					danger: "unsafe",
					wayOut: "Set security.secret_key to the old one.",
				},
			),
	},
	{
		names: /^GF_AUTH_/,
		say: (evidence) =>
			makeReason(
				"setting-changed",
				`${subject} auth`,
				"Who may come into Grafana, and how, changes.",
				{
					evidence,
					wayOut:
						"Check that you can still log in, and that nobody else can; set the section auth of grafana.ini to the old values otherwise.",
				},
			),
	},
];

/** A switch that is off is the same as none. */
function usual(value = ""): string {
	return /^(false|0)$/i.test(value) ? "" : value;
}

/** Each grafana.ini of a side: its values, with their quotes, by section and key. */
export function iniFilesOf(side: Side): ReturnType<typeof readIni>[] {
	return objectsOf(side, "ConfigMap", "Secret").map((each) =>
		readIni(dataOf(each).get("grafana.ini") ?? ""),
	);
}

/** All settings that a side says, as variables of the environment. Those win over grafana.ini. */
export function grafanaSettingsOf(side: Side): Map<string, string> {
	const written = iniFilesOf(side).flatMap((sections) =>
		Object.entries(sections).flatMap(([section, settings]) =>
			Object.entries(settings).map(([key, value]): [string, string] => [
				variableOf(`${section}.${key}`),
				withoutQuotes(value),
			]),
		),
	);
	return new Map([...written, ...environmentOf(side)]);
}

/** The variable for a setting such as `auth.ldap.enabled`. */
export function variableOf(setting: string): string {
	return `GF_${setting.toUpperCase().replaceAll(/[.-]/g, "_")}`;
}

export function withoutQuotes(value = ""): string {
	return value.replace(/^(["'`])(.*)\1$/, "$2");
}

/** Variables of pods, and those that a chart gives Grafana in a Secret. */
export function environmentOf(side: Side): Map<string, string> {
	const secrets = objectsOf(side, "Secret").flatMap((each) =>
		[...dataOf(each)].filter(([name]) => name.startsWith("GF_")),
	);
	const pods = objectsOf(side, "Deployment", "StatefulSet").flatMap((each) =>
		mapsAt(at(each, "spec.template.spec"), "containers").flatMap((container) =>
			mapsAt(container, "env").flatMap((variable): [string, string][] => {
				const name = textAt(variable, "name");
				return name.startsWith("GF_")
					? [[name, String(variable.value ?? "")]]
					: [];
			}),
		),
	);
	return new Map([...secrets, ...pods]);
}
