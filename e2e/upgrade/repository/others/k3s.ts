import { mapAt, stringAt } from "../../../common/parsing/yaml-map.ts";
import { makeHelm } from "../../tools/helm.ts";
import {
	groupOf,
	kindOf,
	nameOfResource,
	namespaceOf,
	type Resource,
} from "../kustomize/resource.ts";
import { type FoundRelease, joinValues, readValuesText } from "../release.ts";
import { readSetValues } from "../set-values.ts";

const group = "helm.cattle.io";

/** The HelmCharts that k3s installs by itself, with the HelmChartConfigs over them. */
export function readK3sCharts(
	resources: readonly Resource[],
	variant: string,
): FoundRelease[] {
	const own = resources.filter((each) => groupOf(each) === group);
	return own
		.filter((each) => kindOf(each) === "HelmChart")
		.map((each) => {
			const { object, place } = each;
			const spec = mapAt(object, "spec");
			const chart = stringAt(spec, "chart") ?? "";
			const configs = own.filter(
				(one) =>
					kindOf(one) === "HelmChartConfig" &&
					nameOfResource(one) === nameOfResource(each),
			);
			const values = joinValues([
				readValuesText(
					stringAt(spec, "valuesContent") ?? "",
					`${place.file} (spec.valuesContent)`,
				),
				...configs.map((config) =>
					readValuesText(
						stringAt(config.object, "spec", "valuesContent") ?? "",
						`${config.place.file} (spec.valuesContent)`,
					),
				),
				readSetValues(
					Object.entries(mapAt(spec, "set")).map(([path, value]) => ({
						path,
						text: String(value),
					})),
					`${place.file} (spec.set)`,
				),
			]);
			return {
				deployer: "k3s",
				name: nameOfResource(each),
				namespace: stringAt(spec, "targetNamespace") ?? namespaceOf(each) ?? "",
				chart: {
					name: chart.split("/").at(-1) ?? chart,
					version: stringAt(spec, "version"),
					source: chart.startsWith("oci://") ? chart : stringAt(spec, "repo"),
				},
				values: values.files,
				place,
				variant,
				unknown: [...each.unknown, ...values.unknown],
				unread: [...(each.unread ?? []), ...values.unread],
				tool: makeHelm(3, "k3s"),
			};
		});
}
