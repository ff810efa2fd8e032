import type { LoadedChart } from "../../../harness/chart/loaded-chart.ts";
import type { ChartChoice, UpgradeOptions } from "../../options.ts";
import type { PlannedChart } from "../../plan/charts/chart.ts";
import type { Side } from "../../plan/charts/side.ts";
import type { ReasonId } from "../../reason-kinds.ts";
import type { Reason } from "../../reasons.ts";
import type { Tool, ToolSettings } from "../../tools/tool.ts";

type UpgradedChart = Pick<PlannedChart, "source" | "crds"> & {
	readonly metadata: Pick<PlannedChart["metadata"], "name" | "version">;
	readonly loaded: Pick<LoadedChart, "release">;
};

/** What the last lines of a report are made from. */
export interface PlannedUpgrade {
	readonly charts: {
		readonly from: UpgradedChart;
		readonly to: UpgradedChart;
		readonly options: Pick<
			UpgradeOptions,
			"origin" | "choice" | "fromRelease"
		> & {
			readonly from: Pick<ChartChoice, "values">;
			readonly to: Pick<ChartChoice, "values">;
		};
	};
	/** Undefined if the new chart does not render. */
	readonly after: Pick<Side, "hooks" | "values" | "stack"> | undefined;
	readonly reasons: readonly Reason[];
}

/** Whether a plan has this reason, not as a consequence, and not as a note: a note asks nothing of anybody. */
export function hasReason(
	{ reasons }: PlannedUpgrade,
	wanted: ReasonId,
): boolean {
	return reasons.some(({ id, danger }) => id === wanted && danger !== "note");
}

/** Lines of a diff, below what it is of; none for no lines. */
export function diffOf(
	where: string,
	lines: readonly string[],
): readonly string[] {
	return lines.some((line) => /^[+-]/.test(line)) ? [where, ...lines] : [];
}

/** e.g. `# in apps/stack.yaml, HelmRelease monitoring/stack:` */
export function whereIs({ settings }: Tool, usual: string): string {
	return settings
		? `# in ${settings.place.file}, ${settings.kind} ${fullName(settings)}:`
		: `# in your ${usual}:`;
}

function fullName({ namespace, name }: ToolSettings): string {
	return [namespace, name].filter(Boolean).join("/");
}

/**
 * What a person has to put in where no repository says it.
 *
 * @param kind of the object that the tool reads
 */
export function introduce(
	{ options, to }: PlannedUpgrade["charts"],
	kind: string,
): string[] {
	if (options.origin) return [];
	const { name, namespace } = to.loaded.release;
	const names = (each: typeof options.from) =>
		each.values.map((file) => file.name).join(", ");
	return [
		...(options.fromRelease
			? []
			: [`# replace ${name} by your ${kind}, ${namespace} by its namespace`]),
		...(names(options.from) === names(options.to)
			? []
			: [`# its values become those of ${names(options.to)}`]),
	];
}
