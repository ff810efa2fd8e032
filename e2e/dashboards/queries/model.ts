import { z } from "zod";
import { parseAs } from "../../common/parsing/parse-as.ts";

/** A reference to a datasource: its uid, its name, a variable, or nothing for the default one. */
export const datasourceRef = z
	.union([
		z.string(),
		z.looseObject({
			uid: z.string().nullish(),
			type: z.string().nullish(),
		}),
	])
	.nullish();
export type DatasourceRef = z.infer<typeof datasourceRef>;

const target = z.looseObject({
	refId: z.string().optional(),
	datasource: datasourceRef,
	hide: z.boolean().nullish(),
	expr: z.string().nullish(),
});
export type Target = z.infer<typeof target>;

const panel = z.looseObject({
	title: z.string().default(""),
	/** e.g. `timeseries` */
	type: z.string().default(""),
	datasource: datasourceRef,
	targets: z
		.array(target)
		.nullish()
		.transform((all) => all ?? []),
	/** The least interval between two points, e.g. `1m`. */
	interval: z.string().nullish(),
	maxDataPoints: z.number().nullish(),
	/** What it shows instead of the dashboard's time range, e.g. `1h`. */
	timeFrom: z.string().nullish(),
	gridPos: z.looseObject({ w: z.number() }).nullish(),
	/** Its model is stored elsewhere, and may be left out here. */
	libraryPanel: z
		.looseObject({ uid: z.string(), name: z.string().default("") })
		.nullish(),
	/** The panels of a folded row. */
	get panels() {
		return z.array(panel).default([]);
	},
});
export type Panel = z.infer<typeof panel>;

const text = z.union([z.string(), z.array(z.string())]);
const option = z.looseObject({
	text: text.nullish(),
	value: text.nullish(),
});
const variable = z.looseObject({
	name: z.string(),
	type: z.string(),
	datasource: datasourceRef,
	/** The forms of Prometheus and Loki among them. */
	query: z
		.union([
			z.string(),
			z.looseObject({
				query: z.string().nullish(),
				label: z.string().nullish(),
				stream: z.string().nullish(),
			}),
		])
		.nullish(),
	regex: z.string().nullish(),
	includeAll: z.boolean().nullish(),
	multi: z.boolean().nullish(),
	allValue: z.string().nullish(),
	/** Of an interval: whether it may be calculated from the time range, and how. */
	auto: z.boolean().nullish(),
	auto_count: z.number().nullish(),
	auto_min: z.string().nullish(),
	/** What was chosen when the dashboard was saved. */
	current: option.nullish(),
});
export type Variable = z.infer<typeof variable>;

const model = z.looseObject({
	title: z.string(),
	time: z
		.looseObject({ from: z.string(), to: z.string() })
		.prefault({ from: "now-6h", to: "now" }),
	panels: z.array(panel).default([]),
	/** The panels of dashboards from before Grafana 5. */
	rows: z
		.array(z.looseObject({ panels: z.array(panel).default([]) }))
		.default([]),
	annotations: z
		.looseObject({
			list: z
				.array(
					target.extend({
						name: z.string().default(""),
						enable: z.boolean().default(true),
						builtIn: z.number().optional(),
						target: target.optional(),
					}),
				)
				.default([]),
		})
		.prefault({}),
	templating: z
		.looseObject({ list: z.array(variable).default([]) })
		.prefault({}),
});

/** What of a dashboard sends queries. */
export interface QueryingDashboard {
	readonly title: string;
	readonly time: { readonly from: string; readonly to: string };
	readonly variables: readonly Variable[];
	/** Those with targets, annotations among them. */
	readonly panels: readonly Panel[];
	/** Those that a person sees, also without targets. */
	readonly shown: readonly Panel[];
	/** Those that refer to a library panel that Grafana does not have. */
	readonly lost: readonly Panel[];
}

/** @param libraryPanels the models of library panels by their uids */
export function readDashboard(
	dashboard: unknown,
	libraryPanels: ReadonlyMap<string, unknown> = new Map(),
): QueryingDashboard {
	const { title, time, panels, rows, annotations, templating } =
		parseModel(dashboard);
	const shown = [...panels, ...rows.flatMap((row) => row.panels)].flatMap(
		unfold,
	);
	const lost = shown.filter(
		({ libraryPanel }) => libraryPanel && !libraryPanels.has(libraryPanel.uid),
	);
	const all = shown
		.filter((each) => !lost.includes(each))
		.map((each) => {
			const stored = libraryPanels.get(each.libraryPanel?.uid ?? "");
			if (!stored) return each;
			const of = `a library panel of dashboard ${title}`;
			return { ...parseAs(panel, stored, of), gridPos: each.gridPos };
		});
	const asked = annotations.list
		.filter(({ enable, builtIn }) => enable && builtIn !== 1)
		.map((each) =>
			parseAs(
				panel,
				{
					title: `annotation ${each.name}`,
					datasource: each.datasource,
					targets: [{ refId: "Anno", ...each, ...each.target }],
				},
				`annotation ${each.name} of dashboard ${title}`,
			),
		);
	return {
		title,
		time,
		variables: templating.list,
		panels: [...all, ...asked].filter(({ targets }) => targets.length > 0),
		shown: all,
		lost,
	};
}

/** The uids of the library panels that a dashboard refers to. */
export function libraryPanelsOf(dashboard: unknown): string[] {
	const { panels, rows } = parseModel(dashboard);
	return [...panels, ...rows.flatMap((row) => row.panels)]
		.flatMap(unfold)
		.flatMap(({ libraryPanel }) => libraryPanel?.uid ?? []);
}

/** @throws Error naming the dashboard and what is not as Grafana expects it */
function parseModel(dashboard: unknown): z.infer<typeof model> {
	const read = model.safeParse(dashboard);
	if (read.success) return read.data;
	const titled = z.looseObject({ title: z.string() }).safeParse(dashboard);
	throw new Error(
		`the dashboard ${titled.data?.title ?? "without a title"} is not one that Grafana can read: ${z.prettifyError(read.error)}`,
	);
}

function unfold(each: Panel): Panel[] {
	return [each, ...each.panels.flatMap(unfold)];
}
