import type { Pod } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { formatDuration } from "../common/duration.ts";
import { messageOf } from "../common/errors.ts";
import { listGrafanaPods } from "./grafana-pods.ts";

type Container = Pod["spec"]["containers"][number];
/** The variables of its environment. */
type Settings = Readonly<Record<string, string | undefined>>;

const trouble = /\b(error|failed|forbidden|refused|unauthorized|exception)\b/i;
const longest = 200;

/** Where the sidecar that brings dashboards looks for them, as a clause; undefined if a pod has none. */
export function describeSearch(
	containers: readonly Container[],
): string | undefined {
	const settings = readSettings(containers, "dashboard");
	if (!settings) return undefined;
	const { LABEL, LABEL_VALUE, NAMESPACE, RESOURCE } = settings;
	const label = LABEL_VALUE ? `${LABEL}: "${LABEL_VALUE}"` : `${LABEL}`;
	const what = RESOURCE === "secret" ? "Secrets alone, by " : "";
	const pause = pauseOf(settings);
	const where =
		NAMESPACE === "ALL"
			? "all namespaces"
			: NAMESPACE
				? `namespace ${NAMESPACE}`
				: "its own namespace";
	const when = pause > 0 ? `, each ${formatDuration(pause)}` : "";
	return `Grafana's sidecar looks for ${what}the label ${label} in ${where}${when}`;
}

/** The chart has a sidecar for each, which differ in their names. */
type Brought = "dashboard" | "datasource";

/** What a sidecar of Grafana does with ConfigMaps. */
export interface SidecarRules {
	/** Of those that it brings. */
	readonly labelSelector: string;
	/** The annotation that names the folder for a ConfigMap's files; undefined for the image's own. */
	readonly folderAnnotation: string | undefined;
	/** Whether it keeps files of one name apart. */
	readonly uniqueNames: boolean;
	/** Milliseconds between two looks; 0 if it watches. */
	readonly pause: number;
}

/** @returns undefined without such a sidecar */
export async function readSidecar(
	kube: KubeClient,
	namespace: string,
	what: Brought,
): Promise<SidecarRules | undefined> {
	const [pod] = await listGrafanaPods(kube, namespace);
	const settings = readSettings(pod?.spec.containers ?? [], what);
	if (!settings) return undefined;
	const { LABEL, LABEL_VALUE, FOLDER_ANNOTATION, UNIQUE_FILENAMES } = settings;
	return {
		labelSelector: LABEL_VALUE ? `${LABEL}=${LABEL_VALUE}` : `${LABEL}`,
		folderAnnotation: FOLDER_ANNOTATION,
		uniqueNames: UNIQUE_FILENAMES?.toLowerCase() === "true",
		pause: pauseOf(settings),
	};
}

/** Where the sidecar of Grafana's pod looks, with the last thing that went wrong for it: why a dashboard does not appear. */
export async function explainSidecar(
	kube: KubeClient,
	namespace: string,
): Promise<string> {
	const [pod] = await listGrafanaPods(kube, namespace);
	if (!pod) return "Grafana has no pod";
	const sidecar = findSidecar(pod.spec.containers, "dashboard");
	if (!sidecar) return "Grafana's pod has no sidecar that brings dashboards";
	const log = await kube
		.logs(namespace, pod.metadata.name, { container: sidecar.name })
		.catch((error: unknown) => `error: ${messageOf(error)}`);
	const last = findLastTrouble(log);
	return [
		describeSearch(pod.spec.containers),
		...(last ? [`its last error: ${last}`] : []),
	].join("; ");
}

/** The last line of a log that says that something went wrong. */
export function findLastTrouble(log: string): string | undefined {
	return log
		.split("\n")
		.findLast((line) => trouble.test(line))
		?.trim()
		.slice(0, longest);
}

/** The image's own pause is a minute. */
function pauseOf({ METHOD, SLEEP_TIME }: Settings): number {
	return METHOD === "SLEEP" ? (Number(SLEEP_TIME) || 60) * 1000 : 0;
}

function readSettings(
	containers: readonly Container[],
	what: Brought,
): Settings | undefined {
	const sidecar = findSidecar(containers, what);
	return (
		sidecar &&
		Object.fromEntries(sidecar.env.map(({ name, value }) => [name, value]))
	);
}

function findSidecar(
	containers: readonly Container[],
	what: Brought,
): Container | undefined {
	return containers.find(
		({ name, env }) =>
			name.includes(what) && env.some((each) => each.name === "LABEL"),
	);
}
