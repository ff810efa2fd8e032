import { uniq } from "es-toolkit";
import { BadInputError, SetUpError } from "../../common/errors.ts";
import type { Progress } from "../../common/progress.ts";
import { parseImageReference } from "../images/reference.ts";
import type { ImageSource, ProvidedImage } from "../images/source.ts";
import type { Addon } from "./addons/addon.ts";

/** The components of stack/images.yaml that every run needs, whatever its chart. */
const clusterComponents = [
	"k3s",
	"pause",
	"registry",
	"coredns",
	"local-path-provisioner",
	"busybox",
	"minio",
	"debian",
	"helm",
	"node",
];

/** Those of them that run in pods. */
export const nodeComponents = [
	"pause",
	"coredns",
	"local-path-provisioner",
	"busybox",
	"node",
] as const;

/** The component that opens Grafana's pages. */
export const browser = "browser";

/** Finds the image of a component. @throws SetUpError if it was not provided */
export function imageOf(
	components: ReadonlyMap<string, ProvidedImage>,
	name: string,
): ProvidedImage {
	const image = components.get(name);
	if (!image) throw new SetUpError(`no image of ${name} was provided`);
	return image;
}

export interface ClusterImageOptions {
	/** As in --k3s-version. */
	readonly k3sVersion: string | undefined;
	/** The addons that run beside the chart. */
	readonly addons: readonly Addon[];
	/**
	 * Whether what charts are likely to refer to is provided before they are rendered. Not with a person's values: they may
	 * turn it off, and what is not needed must not take minutes, nor end the run where it cannot be built.
	 */
	readonly likelyToo: boolean;
}

/**
 * Provides the images of the cluster and of its addons.
 *
 * @returns the images by the names of their components
 */
export async function provideClusterImages(
	source: ImageSource,
	{ addons, k3sVersion, likelyToo }: ClusterImageOptions,
	progress: Progress,
): Promise<Map<string, ProvidedImage>> {
	if (k3sVersion && !source.name.startsWith("pull")) {
		throw new BadInputError(
			`--k3s-version ${k3sVersion}: only --images pull can take another k3s, but the source of this run is ${source.name}`,
		);
	}
	const all = uniq([
		...clusterComponents,
		...addons.flatMap(({ components }) => components),
	]);
	const names = all.filter((name) => name !== "k3s" || !k3sVersion);
	const [found, [k3s]] = await Promise.all([
		source.provideComponents(
			uniq([...names, ...(likelyToo ? (source.likely ?? []) : [])]),
			progress,
		),
		k3sVersion
			? source.provideReferences(
					[`docker.io/rancher/k3s:${k3sVersion.replace("+", "-")}`],
					progress,
				)
			: [],
	]);
	return new Map(
		all.flatMap((name) => {
			const image = name === "k3s" && k3s ? k3s : found.get(name);
			return image ? [[name, image] as const] : [];
		}),
	);
}

/** The version of Kubernetes, e.g. 1.25.4: from the version of a built image, or the tag of an upstream one. */
export function kubeVersionOf(k3s: ProvidedImage): string {
	const text = k3s.standIn?.version ?? parseImageReference(k3s.reference).tag;
	const version = /\d+\.\d+\.\d+/.exec(text)?.[0];
	if (!version)
		throw new SetUpError(
			`${text} is not a version of k3s: it must contain one like 1.34.1`,
		);
	return version;
}

/** Whether it is an image of Grafana, of any edition, with its pages: locally built ones have none. */
export function hasPages({ reference, standIn }: ProvidedImage): boolean {
	return (
		/\/grafana(-\w+)?$/.test(parseImageReference(reference).path) && !standIn
	);
}
