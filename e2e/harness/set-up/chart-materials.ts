import { parseManifests } from "../../clients/api-server/manifests.ts";
import type { Environment } from "../../common/environment.ts";
import type { Progress } from "../../common/progress.ts";
import { readAsWritten } from "../chart/as-written/as-written.ts";
import { listLeftOut } from "../chart/computed/foreign-storage.ts";
import {
	describeLowered,
	type RoomOfTiers,
} from "../chart/computed/small-requests.ts";
import type { StartedHelm } from "../chart/helm.ts";
import { type LoadedChart, loadChart } from "../chart/loaded-chart.ts";
import { type ChartOptions, locateChart } from "../chart/locate.ts";
import { leaveOutNotEmbedded } from "../chart/not-in-embedded.ts";
import type { ValuesFile } from "../chart/values-file.ts";
import { readVersions } from "../chart/versions.ts";
import type { NodeLabels } from "../cluster/tiers.ts";
import type { ProvidedImage } from "../images/source.ts";
import { describeNodeLabels, findNodeLabels } from "./nodes/node-labels.ts";

/** A chart that can be installed. */
export interface ChartMaterials {
	readonly chart: Environment["chart"];
	readonly helm: LoadedChart;
	/** The CRDs, as YAML. */
	readonly crds: string;
	/** What Helm renders, as YAML. */
	readonly manifests: string;
	/** What the homelab would install, as far as the test's own values replace it. */
	readonly asWritten: Environment["asWritten"];
	/** What of the person's values it does not have, a sentence for each file. */
	readonly notFollowed: readonly string[];
	/** What of the homelab's objects is not installed, because the test has its own: the names of StorageClasses. */
	readonly leftOut: readonly string[];
	/** The labels that nodes have while it is installed. */
	readonly nodeLabels: NodeLabels;
	/** What nodes have because of the values, or have no room for, a sentence each. */
	readonly adapted: readonly string[];
	/** Every image that the manifests refer to. */
	readonly images: readonly ProvidedImage[];
}

/** A chart with its values, in the order in which they are layered. */
export interface ChartRequest {
	readonly chart: ChartOptions;
	readonly values: readonly ValuesFile[];
	/** What messages call it, e.g. "the old chart". */
	readonly role?: string | undefined;
}

/** Renders a chart with all its values, as it would be installed in the test. */
export async function renderChart(
	helm: StartedHelm,
	fetcher: Parameters<typeof locateChart>[0],
	{ chart, values, role }: ChartRequest,
	kubeVersion: string,
	room: RoomOfTiers,
	progress: Progress,
): Promise<Omit<ChartMaterials, "images">> {
	const { release } = await readVersions();
	const located = await locateChart(fetcher, chart, progress, role);
	const followed =
		located.source === "embedded"
			? await leaveOutNotEmbedded(located.path, values)
			: { values, warnings: [] };
	for (const warning of followed.warnings) progress.say(`warning: ${warning}`);
	const loaded = await loadChart(helm, located, followed.values, release, {
		role,
		room,
	});
	const [{ name, version }, manifests, asWritten, crds] = await Promise.all([
		loaded.metadata(),
		// `helm test` is not run here, so its images are not needed.
		loaded.render({ kubeVersion, flags: ["--skip-tests"] }),
		readAsWritten(loaded, kubeVersion),
		loaded.crds(),
	]);
	const nodeLabels = findNodeLabels(parseManifests(manifests));
	return {
		chart: { name, version, source: located.source },
		helm: loaded,
		manifests,
		asWritten,
		crds,
		notFollowed: followed.warnings,
		leftOut: listLeftOut(
			followed.values
				.filter(({ forTest }) => forTest !== "override")
				.map(({ content }) => content),
		),
		nodeLabels,
		adapted: [
			...describeNodeLabels(nodeLabels),
			...describeLowered(followed.values, room),
		],
	};
}
