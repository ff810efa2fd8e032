import { uniq } from "es-toolkit";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { textAt } from "../charts/fields.ts";
import type { Side } from "../charts/side.ts";
import {
	grafanaPodsOf,
	hasFurtherContainer,
	isBelow,
	isKeptVolume,
	mountPathsOf,
	variablesOf,
} from "./grafana-pods.ts";
import { iniFilesOf, withoutQuotes } from "./grafana-settings.ts";
import { provisionedIn } from "./provisioned.ts";

/** Types of datasources that Grafana has without installing anything. */
const builtIn: readonly string[] = [
	..."prometheus loki tempo jaeger zipkin parca elasticsearch influxdb".split(
		" ",
	),
	..."graphite opentsdb mysql postgres mssql cloudwatch alertmanager".split(
		" ",
	),
	..."stackdriver testdata grafana dashboard mixed".split(" "),
	"grafana-azure-monitor-datasource",
	"grafana-postgresql-datasource",
	"grafana-pyroscope-datasource",
	"grafana-testdata-datasource",
];

/** Datasources whose plugin Grafana installed so far, and does not install any more. */
export function compareGrafanaPlugins(a: Side, b: Side): Reason[] {
	const before = pluginsOf(a);
	const after = pluginsOf(b);
	// An image of one's own, a volume, another container or a Secret that nobody sees may bring the plugins instead.
	if (!before || !after || mayComeOtherwise(a, b)) return [];
	const gone = before.filter(
		(each) => !after.includes(each) && !builtIn.includes(each),
	);
	const stays = keepsPlugins(b);
	return provisionedIn(b)
		.datasources.filter(({ type }) => gone.includes(type))
		.map(({ name, type }) =>
			makeReason(
				"datasource-changed",
				`${name} (plugin)`,
				stays
					? `Grafana no longer installs the plugin ${type}, which its datasource ${name} needs: only the copy in its volume is left, and nothing updates it.`
					: `Grafana no longer installs the plugin ${type}, which its datasource ${name} needs: panels and alerts of it have no data.`,
				{
					evidence: [`installed until now: ${before.join(", ")}`],
					danger: stays ? "review" : "unsafe",
					wayOut: `Add ${type} to grafana.plugins again, or remove the datasource.`,
				},
			),
		);
}

/** Ids of the plugins that Grafana is told to install; undefined if the chart does not have the list. */
function pluginsOf(side: Side): string[] | undefined {
	const variables = [...variablesOf(side).known].filter(([name]) =>
		/^GF_(INSTALL_PLUGINS|PLUGINS_PREINSTALL(_SYNC)?)$/.test(name),
	);
	if (
		grafanaPodsOf(side).length === 0 ||
		variables.some(([, value]) => value === undefined)
	)
		return undefined;
	const settings = iniFilesOf(side).flatMap(({ plugins }) => [
		plugins?.preinstall,
		plugins?.preinstall_sync,
	]);
	return uniq(
		[...variables.map(([, value]) => value), ...settings]
			.flatMap((each) => withoutQuotes(each).split(","))
			.map(idOf)
			.filter((each) => each !== ""),
	);
}

/** Of `id`, `id 1.0.0`, `id@1.0.0@https://...` and `https://...;id`. */
function idOf(entry: string): string {
	const named = entry.split(";").at(-1) ?? "";
	return named.trim().split(/[\s@]/)[0] ?? "";
}

function mayComeOtherwise(a: Side, b: Side): boolean {
	const images = (side: Side) =>
		grafanaPodsOf(side).map(({ container }) =>
			textAt(container, "image").replace(/(:[^/]*)?(@.*)?$/, ""),
		);
	const known = new Set(mountPathsOf(a));
	const [old] = grafanaPodsOf(a);
	return (
		variablesOf(b).hasOthers ||
		grafanaPodsOf(b).some((each) => old && hasFurtherContainer(old, each)) ||
		uniq([...images(a), ...images(b)]).length > 1 ||
		mountPathsOf(b).some((each) => each.includes("plugins") && !known.has(each))
	);
}

/** Whether what was installed is still there after the pod is replaced. */
function keepsPlugins(side: Side): boolean {
	const folder =
		variablesOf(side).known.get("GF_PATHS_PLUGINS") ||
		"/var/lib/grafana/plugins";
	return grafanaPodsOf(side).some(({ workload, container }) =>
		listAt(container, "volumeMounts").some(
			(each) =>
				isBelow(folder, textAt(each, "mountPath")) &&
				isKeptVolume(workload, textAt(each, "name")),
		),
	);
}
