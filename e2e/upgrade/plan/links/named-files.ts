import { uniq } from "es-toolkit";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { isMap, listAt, mapsAt } from "../../../common/parsing/yaml-map.ts";
import { readableEntry } from "../charts/data.ts";
import { at, textAt } from "../charts/fields.ts";
import { monitorKinds } from "../charts/operator-kinds.ts";
import { readYaml } from "../charts/read-yaml.ts";
import { allObjectsOf, objectsOf, type Side } from "../charts/side.ts";
import { isSelected } from "../monitoring/selectors.ts";
import { listInSecret } from "../targets/list-in-secret.ts";
import { ownJobs } from "../targets/own-jobs.ts";

/** Files that something names in its configuration, and that the program's pods must have. */
export interface NamedFiles {
	/** How a sentence about it begins. */
	readonly reader: string;
	readonly paths: readonly string[];
	/** What is so without one. */
	readonly effect: string;
}

const noScrapes = "its scrapes fail";

/** What Prometheus is told to read, by its jobs, its monitors and its own settings. */
export function filesOfPrometheus(side: Side): NamedFiles[] {
	return [
		...ownJobs(side).map((job) => ({
			reader: `Prometheus' job ${job.job_name}`,
			paths: filesIn(job),
			effect: noScrapes,
		})),
		...allObjectsOf(side, ...monitorKinds)
			.filter((each) => isSelected(side, each))
			.map((each) => ({
				reader: nameOf(each),
				paths: filesIn(each.spec),
				effect: noScrapes,
			})),
		...objectsOf(side, "Prometheus", "PrometheusAgent").flatMap((each) =>
			filesOfSettings(side, each),
		),
	];
}

/** Settings of Prometheus' spec that name files, and what does not work without those. */
const settings: readonly (readonly [
	field: string,
	reader: string,
	effect: string,
])[] = [
	["remoteWrite", "Prometheus' remote write", "it sends nothing"],
	["remoteRead", "Prometheus' remote read", "it reads nothing"],
	["alerting", "Prometheus' alerting", "its alerts arrive nowhere"],
	["scrapeClasses", "A scrape class of Prometheus", noScrapes],
	["apiserverConfig", "Prometheus' apiserverConfig", "it finds no targets"],
	["web", "Prometheus' web server", "it does not start"],
];

function filesOfSettings(side: Side, prometheus: Manifest): NamedFiles[] {
	const alertmanagers = "additionalAlertManagerConfigs";
	return [
		...settings.map(([field, reader, effect]) => ({
			reader,
			paths: filesIn(at(prometheus, `spec.${field}`)),
			effect,
		})),
		{
			reader: `Prometheus' ${alertmanagers}`,
			paths: filesIn(listInSecret(side, prometheus, alertmanagers)),
			effect: "its alerts arrive nowhere",
		},
	];
}

/** What Alertmanager is told to read, by its configuration and its own settings. */
export function filesOfAlertmanager(side: Side): NamedFiles[] {
	return objectsOf(side, "Alertmanager").flatMap((each) => {
		const content = configurationOf(side, each);
		const used = receiversBelow(at(content, "route"));
		return [
			...mapsAt(content, "receivers")
				.filter(({ name }) => used.has(String(name)))
				.map((receiver) => ({
					reader: `Alertmanager's receiver ${String(receiver.name)}`,
					paths: filesIn(receiver),
					effect: "its notifications fail",
				})),
			{
				reader: "The global part of Alertmanager's configuration",
				paths: filesIn(at(content, "global")),
				effect: "notifications that need it fail",
			},
			{
				reader: "Alertmanager's web server",
				paths: filesIn(at(each, "spec.web")),
				effect: "it does not start",
			},
		];
	});
}

function configurationOf(side: Side, alertmanager: Manifest): unknown {
	const { name, namespace } = alertmanager.metadata;
	const wanted =
		textAt(alertmanager, "spec.configSecret") || `alertmanager-${name}`;
	const secret = allObjectsOf(side, "Secret").find(
		({ metadata }) =>
			metadata.name === wanted && metadata.namespace === namespace,
	);
	const text = secret && readableEntry(secret, "alertmanager.yaml");
	return text === undefined ? undefined : readYaml(text);
}

/** The receivers that a route and those below it name: what no route names sends nothing. */
function receiversBelow(route: unknown): Set<string> {
	const below = listAt(route, "routes").flatMap((each) => [
		...receiversBelow(each),
	]);
	return new Set([String(at(route, "receiver")), ...below]);
}

/** The absolute paths in fields such as `credentials_file` and `caFile`, and of `file_sd_configs`. */
function filesIn(value: unknown, field = ""): string[] {
	if (typeof value === "string")
		return /(_file|File)$/.test(field) && value.startsWith("/") ? [value] : [];
	if (Array.isArray(value)) {
		const own = field === "files" ? "of_file" : "";
		return uniq(value.flatMap((each: unknown) => filesIn(each, own)));
	}
	return isMap(value)
		? uniq(Object.entries(value).flatMap(([key, each]) => filesIn(each, key)))
		: [];
}
