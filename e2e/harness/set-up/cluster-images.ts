import { uniq } from "es-toolkit";
import { BadInputError, SetUpError } from "../../common/errors.ts";
import type { Progress } from "../../common/progress.ts";
import { parseImageReference } from "../images/reference.ts";
import type { ImageSource, ProvidedImage } from "../images/source.ts";
import type { Addon } from "./addons/addon.ts";

/** Components of stack/images.yaml that every run needs, whatever its chart brings. */
const clusterComponents = [
	"k3s",
	"pause",
	"registry",
	"coredns",
	"local-path-provisioner",
	"busybox",
	"minio",
	"helm",
	"node",
];

/** Those of them that run as pods. */
export const nodeComponents = [
	"pause",
	"coredns",
	"local-path-provisioner",
	"busybox",
	"node",
] as const;

/** The component that looks at pages. */
export const browser = "browser";

/** The image of a component that was provided. */
export function imageOf(
	components: ReadonlyMap<string, ProvidedImage>,
	name: string,
): ProvidedImage {
	const image = components.get(name);
	if (!image) throw new SetUpError(`no image of ${name} was provided`);
	return image;
}

/**
 * Provides the images of the cluster and of its addons.
 *
 * @param k3sVersion as in --k3s-version
 * @returns images by their components' names
 */
export async function provideClusterImages(
	source: ImageSource,
	addons: readonly Addon[],
	k3sVersion: string | undefined,
	progress: Progress,
): Promise<Map<string, ProvidedImage>> {
	if (k3sVersion && !source.name.startsWith("pull")) {
		throw new BadInputError(
			`--k3s-version ${k3sVersion}: only --images pull can take another k3s, and the source here is ${source.name}`,
		);
	}
	const all = uniq([
		...clusterComponents,
		...addons.flatMap(({ components }) => components),
	]);
	const names = all.filter((name) => name !== "k3s" || !k3sVersion);
	const [found, [k3s]] = await Promise.all([
		source.provideComponents(names, progress),
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

/** The version of Kubernetes, e.g. 1.25.4, from a built image's version or an upstream image's tag. */
export function kubeVersionOf(k3s: ProvidedImage): string {
	const text = k3s.standIn?.version ?? parseImageReference(k3s.reference).tag;
	const version = /\d+\.\d+\.\d+/.exec(text)?.[0];
	if (!version) throw new SetUpError(`${text} is no version of k3s`);
	return version;
}
