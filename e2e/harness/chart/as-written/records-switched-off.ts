import { merge } from "es-toolkit";
import { z } from "zod";
import { parseManifests } from "../../../clients/api-server/manifests.ts";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { writeGoYaml } from "../../../common/parsing/go-yaml.ts";
import { isMap, yamlAt } from "../../../common/parsing/yaml-map.ts";
import { readValues } from "../computed/read-values.ts";
import type { LoadedChart, RenderOptions } from "../loaded-chart.ts";

/** Which of the chart's groups of rules there are. */
const switches = ["defaultRules", "rules"] as const;

const prometheusRule = z.looseObject({
	kind: z.literal("PrometheusRule"),
	spec: z.looseObject({
		groups: z.array(
			z.looseObject({
				rules: z.array(z.looseObject({ record: z.string().optional() })),
			}),
		),
	}),
});

/**
 * The names that the chart's rules would record if values switched none of them off. Where they do, the chart is rendered
 * once more with its own switches, so that no list of names has to agree with its version.
 *
 * @param options how the manifests were rendered
 */
export async function readRecordsSwitchedOff(
	chart: Pick<LoadedChart, "render" | "defaults" | "written">,
	manifests: readonly Manifest[],
	options: RenderOptions & { readonly furtherValues: string },
): Promise<string[]> {
	const { furtherValues } = options;
	if (![...chart.written, furtherValues].some(switchesOff)) return [];
	const on = switchRulesOn(furtherValues, await chart.defaults());
	const all = await chart.render({ ...options, furtherValues: on });
	const loaded = new Set(recordsIn(manifests));
	const names = recordsIn(parseManifests(all));
	return [...new Set(names)].filter((name) => !loaded.has(name)).sort();
}

function switchesOff(content: string): boolean {
	const said = yamlAt(readValues(content), ...switches);
	return isMap(said) && Object.values(said).some((each) => !each);
}

/** @param defaults the chart's own values (YAML) */
function switchRulesOn(furtherValues: string, defaults: string): string {
	const rules = yamlAt(readValues(defaults), ...switches) ?? {};
	const further = readValues(furtherValues);
	return writeGoYaml(
		merge(isMap(further) ? structuredClone(further) : {}, {
			defaultRules: { rules },
		}),
	);
}

function recordsIn(manifests: readonly Manifest[]): string[] {
	return manifests.flatMap((each) => {
		const { success, data } = prometheusRule.safeParse(each);
		const groups = success ? data.spec.groups : [];
		return groups.flatMap(({ rules }) =>
			rules.flatMap(({ record }) => record ?? []),
		);
	});
}
