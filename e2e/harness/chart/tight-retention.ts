import { z } from "zod";
import { parseManifests } from "../../clients/api-server/manifests.ts";
import { nameOf } from "../../clients/kube-objects.ts";
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
		// Anything else is refused by the API server, with its own message.
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
 * Finds each Prometheus whose retention size leaves too little room for its WAL: the WAL counts towards that size, but
 * Prometheus only deletes blocks to keep to it.
 *
 * @param manifests what Helm rendered, as YAML
 * @returns a sentence for each
 */
export function findTightRetention(manifests: string): string[] {
	return parseManifests(manifests).flatMap((object) => {
		if (object.kind !== "Prometheus") return [];
		const { success, data } = prometheus.safeParse(object);
		if (!success) return [];
		const { retentionSize, storage } = data.spec;
		const requested =
			storage.volumeClaimTemplate.spec.resources.requests.storage;
		const limit = parseSize(retentionSize);
		const room = parseQuantity(requested);
		if (limit === 0 || limit <= share * room) return [];
		return [
			`${nameOf(object)} keeps up to ${retentionSize} on a volume claim of ${requested}: its WAL, which no retention deletes, may fill the disk, and then Prometheus stops; a retentionSize of at most ${Math.floor((share * room) / 2 ** 20)}MB leaves room for it`,
		];
	});
}
