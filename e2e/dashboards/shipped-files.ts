import { groupBy } from "es-toolkit";
import { z } from "zod";
import { messageOf } from "../common/errors.ts";

/** A file of a labelled ConfigMap. */
export interface ShippedFile {
	/** The ConfigMap's key. */
	readonly name: string;
	/** `namespace/name` of the ConfigMap. */
	readonly configMap: string;
	/** What the ConfigMap's annotation says; empty without one. */
	readonly folder: string;
	readonly text: string;
	/** Whether it is the chart's own. */
	readonly ofChart: boolean;
}

/** A dashboard in a ConfigMap. */
export interface ShippedDashboard {
	/** `namespace/name` of the ConfigMap, and the file's name. */
	readonly source: string;
	readonly title: string;
	/** Undefined if Grafana is to generate one. */
	readonly uid: string | undefined;
	readonly folder: string;
	readonly ofChart: boolean;
}

const model = z.looseObject({
	uid: z.string().nullish(),
	title: z.string().min(1),
});

/** Reads files as Grafana does: those that end with `.json`. @returns the dashboards, and why a file is none */
export function readFiles(files: readonly ShippedFile[]): {
	readonly dashboards: readonly ShippedDashboard[];
	readonly flaws: readonly string[];
} {
	const dashboards: ShippedDashboard[] = [];
	const flaws: string[] = [];
	for (const { name, configMap, folder, text, ofChart } of files) {
		if (!name.endsWith(".json")) continue;
		const source = `${configMap}/${name}`;
		try {
			const { title, uid } = model.parse(JSON.parse(text));
			dashboards.push({
				source,
				title,
				uid: uid || undefined,
				folder,
				ofChart,
			});
		} catch (error) {
			const why =
				error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
			flaws.push(
				`${source} is no dashboard: it must be JSON with a title, or Grafana leaves it out (${why})`,
			);
		}
	}
	return { dashboards, flaws };
}

/** Dashboards and files that are in each other's way. @param uniqueNames whether the sidecar keeps files of one name apart */
export function findDashboardConflicts(
	files: readonly ShippedFile[],
	dashboards: readonly ShippedDashboard[],
	uniqueNames: boolean,
): string[] {
	const written = files.filter(({ name }) => name.endsWith(".json"));
	return [
		...several(
			uniqueNames ? [] : written,
			({ folder, name }) => `${folder}/${name}`,
		)
			// Of equal ones any will do.
			.filter((same) => new Set(same.map(({ text }) => text)).size > 1)
			.map(
				(same) =>
					`${listed(same.map(({ configMap }) => configMap))} have a file ${same[0]?.name}, of which the sidecar keeps one`,
			),
		...several(
			dashboards.filter(({ uid }) => uid),
			({ uid }) => `${uid}`,
		).map(
			(same) =>
				`uid ${same[0]?.uid} is in ${listed(same.map(({ source }) => source))}: Grafana shows one of them, and then takes no change of any dashboard`,
		),
		...several(dashboards, ({ folder, title }) => `${folder}/${title}`).map(
			(same) =>
				`the title "${same[0]?.title}" is in ${listed(same.map(({ source }) => source))}: Grafana then takes no change of any dashboard`,
		),
	];
}

/** Labelled ConfigMaps without a file that Grafana reads. */
export function findUnread(
	configMaps: readonly {
		readonly name: string;
		readonly keys: readonly string[];
	}[],
): string[] {
	return configMaps
		.filter(({ keys }) => !keys.some((key) => /\.json(\.url)?$/.test(key)))
		.map(
			({ name, keys }) =>
				`${name} has the label and no dashboard: Grafana reads files that end with .json, and it has ${keys.join(", ") || "none"}`,
		);
}

function several<T>(all: readonly T[], keyOf: (each: T) => string): T[][] {
	return Object.values(groupBy(all, keyOf)).filter(({ length }) => length > 1);
}

function listed(names: readonly string[]): string {
	return [...names].sort().join(" and ");
}
