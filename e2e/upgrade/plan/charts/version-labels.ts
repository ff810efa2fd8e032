import { cloneDeepWith, isPlainObject } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";

/** Labels that change with each version of a chart and mean nothing. */
const versionLabels = [
	"chart",
	"helm.sh/chart",
	"app.kubernetes.io/version",
	"heritage",
	"app.kubernetes.io/managed-by",
	"operator.prometheus.io/version",
];

/** An object without labels of the chart's version and without checksum annotations. */
export function withoutVersions(object: Manifest): Manifest {
	return cloneDeepWith(object, (value: unknown, key) => {
		if ((key !== "labels" && key !== "annotations") || !isPlainObject(value))
			return undefined;
		return Object.fromEntries(
			Object.entries(value).filter(
				([name]) => !versionLabels.includes(name) && !/^checksum\//.test(name),
			),
		);
	});
}
