import { coerce, gte } from "semver";
import { z } from "zod";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { parseImageReference } from "../../images/reference.ts";

/** Each at least this: https://github.com/prometheus-operator/prometheus-operator/pull/8694 */
const since = { operator: "0.93.0", prometheus: "3.9.0", thanos: "0.41.0" };

const newest = "999.0.0";

const container = z.looseObject({ image: z.string().default("") });
const deployment = z.looseObject({
	spec: z.looseObject({
		template: z.looseObject({
			spec: z.looseObject({ containers: z.array(container) }),
		}),
	}),
});

/** What the operator reads of a component: it takes the version for that of the image. */
const component = z.looseObject({
	image: z.string().nullish(),
	version: z.string().nullish(),
});
const spec = component.extend({
	disableCompaction: z.boolean().nullish(),
	thanos: component
		.extend({
			objectStorageConfig: z.unknown(),
			objectStorageConfigFile: z.string().nullish(),
		})
		.nullish(),
});

/**
 * Whether a Prometheus compacts its own blocks although a sidecar uploads them. It does with newer versions, whose
 * Prometheus waits for each upload; then the operator passes no length of blocks, and `thanos.blockSize` has no effect.
 *
 * @param prometheus the spec of the Prometheus
 * @param manifests with the Deployment of its operator
 */
export function compactsBesideUploads(
	prometheus: unknown,
	manifests: readonly Manifest[],
): boolean {
	const { success, data } = spec.safeParse(prometheus);
	if (!success || data.disableCompaction || !data.thanos) return false;
	const { objectStorageConfig, objectStorageConfigFile } = data.thanos;
	if (!objectStorageConfig && !objectStorageConfigFile) return false;
	return (
		isSince(findOperator(manifests), since.operator) &&
		isSince(versionOf(data), since.prometheus) &&
		isSince(versionOf(data.thanos), since.thanos)
	);
}

/** The tag of the operator's image; undefined if there is none. */
function findOperator(manifests: readonly Manifest[]): string | undefined {
	const images = manifests
		.filter(({ kind }) => kind === "Deployment")
		.flatMap((each) => {
			const { success, data } = deployment.safeParse(each);
			return success ? data.spec.template.spec.containers : [];
		})
		.map(({ image }) => parseImageReference(image));
	return images.find(({ path }) => /(^|\/)prometheus-operator$/.test(path))
		?.tag;
}

function versionOf({ version, image }: z.infer<typeof component>): string {
	if (version) return version;
	// An operator that is new enough takes versions that are, where it is told none.
	return image ? parseImageReference(image).tag : newest;
}

function isSince(version: string | undefined, least: string): boolean {
	const read = coerce(version);
	return read !== null && gte(read, least);
}
