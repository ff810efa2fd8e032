import { z } from "zod";
import { readGrafanaSettings } from "../clients/grafana/settings.ts";
import type { GrafanaClient } from "../clients/grafana.ts";
import type { Pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { listKeys } from "../clients/secret.ts";
import { listGrafanaPods } from "./grafana-pods.ts";
import type { QueryingDashboard } from "./queries/model.ts";

/**
 * The panels that Grafana 12 brings (public/app/features/plugins/built_in_plugins.ts), and those that some version from 10
 * to 13 does.
 */
const own =
	"alertGroups alertlist annolist barchart bargauge candlestick canvas dashlist datagrid debug flamegraph gauge geomap gettingstarted heatmap histogram icon live logs logstable news nodeGraph piechart pluginlist stat state-timeline status-history table text textng timeseries traces trend welcome xychart";
/** What Grafana shows as one of those (autoMigrateAngular in its PanelModel.ts). */
const migrated =
	"graph singlestat table-old heatmap-new grafana-singlestat-panel grafana-piechart-panel grafana-worldmap-panel natel-discrete-panel";
/** What is no plugin; a panel of the library alone has no type. */
const others = "row add-panel library-panel-ref";
const known = new Set([
	"",
	...[own, migrated, others].flatMap((names) => names.split(" ")),
]);

/** What names the plugins that Grafana installs when it starts; the second, later versions' one, in grafana.ini as well. */
const variables = /^GF_(INSTALL_PLUGINS|PLUGINS_PREINSTALL(_SYNC|_ASYNC)?)$/;

type Dashboards = readonly Pick<QueryingDashboard, "title" | "shown">[];

/** A sentence for each panel of dashboards instead of which a person sees "Panel plugin not found". */
export async function findLostPanels(
	dashboards: Dashboards,
	kube: KubeClient,
	grafana: GrafanaClient,
	namespace: string,
): Promise<string[]> {
	if (findMissingPlugins(dashboards, [], []).length === 0) return [];
	const [plugins, settings, pods] = await Promise.all([
		grafana.api().get("/api/plugins", { type: "panel" }),
		readGrafanaSettings(grafana.api()),
		listGrafanaPods(kube, namespace),
	]);
	const given = pods.flatMap(({ spec }) => spec.containers);
	if (await areNamedElsewhere(kube, namespace, given)) return [];
	const named = [
		...given.flatMap(({ env }) =>
			env.flatMap(({ name, value }) =>
				variables.test(name) && value ? value : [],
			),
		),
		...Object.entries(settings?.plugins ?? {}).flatMap(([key, value]) =>
			key.startsWith("preinstall") ? value : [],
		),
	];
	return findMissingPlugins(
		dashboards,
		plugins
			.read(z.array(z.looseObject({ id: z.string() })))
			.map(({ id }) => id),
		named.flatMap(readPluginNames),
	);
}

/**
 * @param installed what Grafana has, which an application among its plugins may have brought
 * @param named what it is to install when it starts, for which it may find no internet here
 */
export function findMissingPlugins(
	dashboards: Dashboards,
	installed: readonly string[],
	named: readonly string[],
): string[] {
	const all = new Set([...installed, ...named]);
	// An application brings panels, which have its maker's name.
	const makers = named
		.filter((name) => name.endsWith("-app"))
		.map((name) => name.replace(/-.*/, "-"));
	return dashboards.flatMap(({ title, shown }) =>
		shown
			.filter(
				({ type }) =>
					!known.has(type) &&
					!all.has(type) &&
					!makers.some((maker) => type.startsWith(maker)),
			)
			.map(
				(panel) =>
					`panel ${panel.title || "without a title"} of dashboard ${title} is of type ${panel.type}, which is no plugin of this Grafana: grafana.plugins does not install it`,
			),
	);
}

/** The plugins of a list such as `a-panel 1.2.0,b-panel@1.0@https://b.zip,https://c.zip;c-panel`. */
export function readPluginNames(list: string): string[] {
	return list
		.split(",")
		.map((each) => (each.split(";").at(-1) ?? "").trim())
		.flatMap((each) => each.split(/[\s@]/)[0] || []);
}

/** Whether plugins may be named where only the kubelet reads them. */
async function areNamedElsewhere(
	kube: KubeClient,
	namespace: string,
	containers: Pod["spec"]["containers"],
): Promise<boolean> {
	if (
		containers.some(({ env }) =>
			env.some(({ name, value }) => variables.test(name) && !value),
		)
	)
		return true;
	for (const { prefix, secretRef } of containers.flatMap(
		({ envFrom }) => envFrom,
	)) {
		if (!secretRef) return true;
		const keys = await listKeys(kube, { namespace, name: secretRef.name });
		if (keys.some((key) => variables.test(prefix + key))) return true;
	}
	return false;
}
