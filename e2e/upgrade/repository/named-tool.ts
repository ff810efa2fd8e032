import type { ToolName } from "../tools/tool.ts";
import type { ReleasePair } from "./differences.ts";

/** The line for people where --with names another tool than the repository does; undefined where it does not. */
export function describeNamedTool(
	named: ToolName | undefined,
	pairs: readonly ReleasePair[],
): string | undefined {
	const others = pairs.flatMap(({ after }) =>
		after && after.tool.name !== named ? [after.tool.title] : [],
	);
	return named === undefined || others.length === 0
		? undefined
		: `--with ${named} wins over the repository, which says ${[...new Set(others)].join(" and ")}.`;
}
