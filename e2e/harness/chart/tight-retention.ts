import { z } from "zod";
import { nameOf, parseManifests } from "../../clients/kube-objects.ts";
import {
	parseQuantity,
	parseSize,
	quantityPattern,
	sizePattern,
} from "../../common/sizes.ts";

/**
 * Prometheus' own advice: "set the retention size to, at most, 80-85% of your allocated Prometheus disk space."
 * https://prometheus.io/docs/prometheus/latest/storage/
 */
const share = 0.85;

const prometheus = z.looseObject({
	spec: z.looseObject({
		// What is none of these, the API server refuses in its own words.
		retentionSize: z.string().regex(sizePattern),
		storage: z.looseObject({
			volumeClaimTemplate: z.looseObject({
				spec: z.looseObject({
					resources: z.looseObject({
						requests: z.looseObject({
							storage: z.coerce.string().regex(quantityPattern),
						}),
					}),
				}),
			}),
		}),
	}),
});

/**
 * A sentence for each Prometheus whose retention size leaves its WAL no room: both count, but only blocks are ever
 * deleted for it.
 *
 * @param manifests what Helm makes of a chart, as YAML
 */
export function findTightRetention(manifests: string): string[] {
	return parseManifests(manifests).flatMap((object) => {
		if (object.kind !== "Prometheus") return [];
		const { success, data } = prometheus.safeParse(object);
		if (!success) return [];
		const { retentionSize, storage } = data.spec;
		const claim = storage.volumeClaimTemplate.spec.resources.requests.storage;
		const limit = parseSize(retentionSize);
		const room = parseQuantity(claim);
		if (limit === 0 || limit <= share * room) return [];
		return [
			`${nameOf(object)} keeps up to ${retentionSize} on a claim of ${claim}: its WAL, which no retention deletes, may fill the disk, and Prometheus stops; at most ${Math.floor((share * room) / 2 ** 20)}MB leave room for it`,
		];
	});
}
