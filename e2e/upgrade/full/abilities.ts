import { parseManifests } from "../../clients/api-server/manifests.ts";
import type { ChartMaterials } from "../../harness/set-up/chart-materials.ts";
import { listSlackFiles } from "../../harness/set-up/secrets/contents.ts";
import { at } from "../plan/charts/fields.ts";

/** Whether a chart's Prometheus accepts remote writes. */
export function takesRemoteWrites({ manifests }: ChartMaterials): boolean {
	return parseManifests(manifests).some(
		(each) =>
			each.kind === "Prometheus" &&
			at(each, "spec.enableRemoteWriteReceiver") === true,
	);
}

/** Whether a chart installs an Alertmanager. */
export function hasAlertmanager({ manifests }: ChartMaterials): boolean {
	return parseManifests(manifests).some(({ kind }) => kind === "Alertmanager");
}

/** Whether Alertmanager reads a webhook from a file, which in the test's cluster points to the Slack mock. */
export function reachesSlack({ manifests }: ChartMaterials): boolean {
	return listSlackFiles(parseManifests(manifests)).length > 0;
}
