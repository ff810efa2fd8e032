import { posix } from "node:path";
import { mapAt, stringAt, textsAt } from "../../../common/parsing/yaml-map.ts";
import { makeHelm } from "../../tools/helm.ts";
import { pathFrom, type RepositoryTree } from "../git/tree.ts";
import {
	type FoundRelease,
	joinValues,
	readValuesFrom,
	readValuesMap,
} from "../release.ts";

/** The release of Rancher's fleet.yaml. */
export function readFleet(tree: RepositoryTree, file: string): FoundRelease[] {
	const document = tree.document(file);
	const helm = mapAt(document?.content, "helm");
	const chart = stringAt(helm, "chart");
	if (!document || chart === undefined) return [];
	const folder = posix.dirname(file);
	const local = pathFrom(folder, chart);
	const values = joinValues([
		...textsAt(helm, "valuesFiles").map((each) =>
			readValuesFrom(tree, pathFrom(folder, each)),
		),
		readValuesMap(mapAt(helm, "values"), `${file} (helm.values)`),
	]);
	return [
		{
			deployer: "Fleet",
			name: stringAt(helm, "releaseName") ?? posix.basename(folder),
			namespace:
				stringAt(document.content, "namespace") ??
				stringAt(document.content, "defaultNamespace") ??
				"",
			chart: {
				name: chart.split("/").at(-1) ?? chart,
				version: stringAt(helm, "version"),
				source: chart.startsWith("oci://") ? chart : stringAt(helm, "repo"),
				...(tree.isFolder(local) && { path: local }),
			},
			values: values.files,
			place: document.place,
			variant: "",
			unknown: values.unknown,
			unread: values.unread,
			tool: { ...makeHelm(3, "Fleet"), crds: "unknown" },
		},
	];
}
