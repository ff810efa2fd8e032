import { parseManifests } from "../../clients/kube-objects.ts";
import type { ChartMaterials } from "../../harness/set-up/materials.ts";
import { at } from "../plan/charts/fields.ts";
import { webhookFiles } from "./made-up.ts";

/** Whether the Prometheus of a chart takes what is written to it. */
export function takesRemoteWrites({ manifests }: ChartMaterials): boolean {
	return parseManifests(manifests).some(
		(each) =>
			each.kind === "Prometheus" &&
			at(each, "spec.enableRemoteWriteReceiver") === true,
	);
}

/** Whether Alertmanager reads a webhook from a file, which in this cluster leads to the Slack mock. */
export function reachesSlack({ manifests }: ChartMaterials): boolean {
	return parseManifests(manifests).some(
		(each) => webhookFiles(each).length > 0,
	);
}
