import type { Side } from "../../plan/charts/side.ts";
import type { Charts } from "../../prepare.ts";
import type { Reason, ReasonId } from "../../reasons.ts";
import type { Tool, ToolSettings } from "../../tools/tool.ts";

/** What the last lines of a report are made from. */
export interface PlannedUpgrade {
	readonly charts: Charts;
	/** Undefined if the new chart does not render. */
	readonly after: Side | undefined;
	readonly reasons: readonly Reason[];
}

/** Whether a plan has this reason, not as a consequence. */
export function hasReason(
	{ reasons }: PlannedUpgrade,
	wanted: ReasonId,
): boolean {
	return reasons.some(({ id }) => id === wanted);
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
export function introduce({ options, to }: Charts, kind: string): string[] {
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
