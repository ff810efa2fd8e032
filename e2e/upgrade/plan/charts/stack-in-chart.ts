import { parse } from "yaml";
import { mapAt, stringAt } from "../../../common/parsing/yaml-map.ts";
import { type ChartValues, dependenciesOf, layer } from "../values/values.ts";

/** The stack as it is in a chart that depends on it, such as an umbrella chart. */
export interface StackInChart {
	readonly version: string;
	/** The keys of its values among those of the chart: its name or its alias, below that of another one perhaps. */
	readonly path: readonly string[];
	/** What the chart's own files set for it; they are the person's, too. */
	readonly values: ChartValues;
}

/** What a side has of it. */
export type StackOfSide = Omit<StackInChart, "path">;

const stack = "kube-prometheus-stack";
/** No chart of charts is nested deeper. */
const deepest = 5;

/** @param files of the chart; undefined if it does not have the stack, or is the stack itself */
export function findStackIn(
	files: ReadonlyMap<string, string>,
	folder = "",
	depth = 0,
): StackInChart | undefined {
	if (depth > deepest) return undefined;
	for (const { name, alias = name } of dependenciesOf(files, folder)) {
		const below = `${folder}charts/${name}/`;
		const found =
			name === stack
				? describe(files.get(`${below}Chart.yaml`))
				: findStackIn(files, below, depth + 1);
		if (!found) continue;
		const path = [alias, ...found.path];
		const own: unknown = parse(files.get(`${folder}values.yaml`) ?? "");
		const values = layer([found.values, { ...mapAt(own, ...path) }]);
		return { version: found.version, path, values };
	}
	return undefined;
}

function describe(text: string | undefined): StackInChart | undefined {
	const version = stringAt(parse(text ?? ""), "version");
	return version === undefined ? undefined : { version, path: [], values: {} };
}

/** With the values that a person sets for the chart. */
export function stackOfSide(
	{ version, path, values }: StackInChart,
	set: ChartValues,
): StackOfSide {
	return { version, values: layer([values, { ...mapAt(set, ...path) }]) };
}
