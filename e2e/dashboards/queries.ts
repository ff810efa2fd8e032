import { partition } from "es-toolkit";
import { z } from "zod";

const source = z
	.union([z.string(), z.looseObject({ type: z.string().optional() })])
	.nullish();
const target = z.looseObject({
	expr: z.string().optional(),
	datasource: source,
});
const panel = z.looseObject({
	title: z.string().default(""),
	datasource: source,
	targets: z.array(target).default([]),
	/** The panels of a folded row. */
	get panels() {
		return z.array(panel).default([]);
	},
});
type Panel = z.infer<typeof panel>;

const text = z.union([z.string(), z.array(z.string())]);
const option = z.looseObject({ value: text.optional() });
const variable = z.looseObject({
	name: z.string(),
	type: z.string(),
	query: z
		.union([z.string(), z.looseObject({ query: z.string().default("") })])
		.nullish(),
	regex: z.string().nullish(),
	includeAll: z.boolean().nullish(),
	multi: z.boolean().nullish(),
	allValue: z.string().nullish(),
	current: option.nullish(),
	options: z.array(option).nullish(),
});
export type Variable = z.infer<typeof variable>;

const model = z.looseObject({
	title: z.string(),
	panels: z.array(panel).default([]),
	annotations: z
		.looseObject({ list: z.array(target).default([]) })
		.prefault({}),
	templating: z
		.looseObject({ list: z.array(variable).default([]) })
		.prefault({}),
});

/** A query of a dashboard in PromQL, variables included. */
export interface DashboardQuery {
	/** The panel's title. */
	readonly panel: string;
	readonly expression: string;
}

/** A dashboard's queries for Prometheus or for what has the same API. */
export function queriesOf(dashboard: unknown): {
	readonly title: string;
	readonly queries: readonly DashboardQuery[];
	/** How many other queries there are. */
	readonly others: number;
	readonly variables: readonly Variable[];
} {
	const { title, panels, annotations, templating } = model.parse(dashboard);
	const all = [
		...panels.flatMap(unfold),
		{ title: "annotations", datasource: undefined, targets: annotations.list },
	];
	const asked = all.flatMap((each) =>
		each.targets.flatMap(({ expr, datasource }) =>
			expr
				? [
						{
							query: { panel: each.title, expression: expr },
							ours: isPrometheus(datasource ?? each.datasource),
						},
					]
				: [],
		),
	);
	const [ours, others] = partition(asked, (each) => each.ours);
	return {
		title,
		variables: templating.list,
		queries: ours.map(({ query }) => query),
		others: others.length,
	};
}

function unfold(each: Panel): Panel[] {
	return [each, ...each.panels.flatMap(unfold)];
}

/** Without a type it is a variable or the default datasource: both are of type prometheus here. */
function isPrometheus(datasource: z.infer<typeof source>): boolean {
	if (typeof datasource !== "object" || !datasource?.type) return true;
	return datasource.type === "prometheus";
}
