import { memoize } from "es-toolkit";
import { parse, parseAllDocuments } from "yaml";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { BadInputError, messageOf } from "../../../common/errors.ts";
import { parseAs } from "../../../common/parsing/parse-as.ts";
import { parseYamlDocuments } from "../../../common/parsing/yaml-documents.ts";
import type { StartedHelm } from "../../../harness/chart/helm.ts";
import {
	type ChartDescription,
	type ChartMetadata,
	chartMetadata,
	type LoadedChart,
	loadChart,
	type Release,
} from "../../../harness/chart/loaded-chart.ts";
import type { LocatedChart } from "../../../harness/chart/locate.ts";
import {
	type ChartValues,
	defaultsOf,
	dependenciesOf,
} from "../values/values.ts";
import { readChartFiles } from "./chart-files.ts";
import { type Crd, crd } from "./crd-schema.ts";
import { isRepeatable } from "./repeatable.ts";
import { findStackIn, type StackInChart } from "./stack-in-chart.ts";

/** A chart with a person's values, ready to be rendered. */
export interface PlannedChart {
	/** As in LocatedChart. */
	readonly source: string;
	readonly metadata: ChartMetadata;
	/** Without values: each rendering adds its own. */
	readonly loaded: LoadedChart;
	/** The person's own. */
	readonly values: ChartValues;
	readonly defaults: ChartValues;
	/** Rules, dashboards and monitors of the person's that the chart does not have. */
	readonly companions?: readonly Manifest[] | undefined;
	/** Where the chart only depends on the stack. */
	readonly stack?: StackInChart | undefined;
	/** The text of all templates, including those of subcharts. */
	readonly templates: string;
	readonly crds: readonly Crd[];
	/** Whether it renders the same each time, whatever the person's values are that contain no templates. */
	readonly isRepeatable: boolean;
}

/** Reads a chart and copies it into Helm's container. */
export async function readPlannedChart(
	helm: StartedHelm,
	located: LocatedChart,
	values: ChartValues,
	release: Release,
	about: ChartDescription,
): Promise<PlannedChart> {
	const [loaded, files] = await Promise.all([
		loadChart(helm, located, [], release, about),
		readChartFiles(located),
	]);
	checkDependencies(files, about.role ?? "the chart", located.source);
	const matching = (pattern: RegExp) =>
		[...files].flatMap(([name, text]) => (pattern.test(name) ? [text] : []));
	const { role = "the chart" } = about;
	const read = <T>(what: string, action: () => T): T => {
		try {
			return action();
		} catch (cause) {
			// Such as aliases of aliases, which would fill the memory.
			const reason = `${role} (${located.source}): ${what} cannot be read`;
			throw new BadInputError(`${reason}: ${messageOf(cause)}`, { cause });
		}
	};
	return {
		source: located.source,
		metadata: read("Chart.yaml", () =>
			parseAs(
				chartMetadata,
				parse(files.get("Chart.yaml") ?? "{}"),
				"its content",
			),
		),
		loaded,
		values,
		defaults: read("values.yaml", () => defaultsOf(files)),
		stack: read("the charts in it", () => findStackIn(files)),
		templates: matching(/(^|\/)templates\//).join("\n"),
		crds: matching(/(^|\/)crds\/[^/]+\.ya?ml$/).flatMap((text) =>
			parseCrds(text),
		),
		isRepeatable: isRepeatable(matching(/^(?!(.*\/)?crds\/)/)),
	};
}

/** @throws BadInputError if a subchart that the chart declares is not in its folder */
function checkDependencies(
	files: ReadonlyMap<string, string>,
	role: string,
	source: string,
): void {
	const missing = dependenciesOf(files)
		.map(({ name }) => name)
		.filter((name) => !files.has(`charts/${name}/Chart.yaml`));
	if (missing.length > 0)
		throw new BadInputError(
			`${role} (${source}) lacks the charts that it depends on (${missing.join(", ")}): run helm dependency build ${source}`,
		);
}

/** The CRDs in a YAML text; two versions of a chart often have the same. */
const parseCrds = memoize((text: string): Crd[] =>
	contentsOf(text).flatMap((document) => {
		const found = crd.safeParse(document);
		return found.success ? [found.data] : [];
	}),
);

function contentsOf(text: string): unknown[] {
	try {
		return parseYamlDocuments(text, { uniqueKeys: false });
	} catch {
		// The documents beside one that is no YAML count.
		return parseAllDocuments(text).map((document) => document.toJS());
	}
}
