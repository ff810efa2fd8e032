import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { parseQuantity, parseSize } from "../../../common/sizes.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { at } from "../charts/fields.ts";
import { pair } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";

/** Prometheus that may keep as much as its volume holds, and could not before: the volume is full before anything is deleted. */
export function compareRetentionSize(a: Side, b: Side): Reason[] {
	return pair(a, b, "Prometheus").both.flatMap(([old, now]) => {
		const volume = volumeOf(now);
		return volume !== undefined && exceeds(now) && !exceeds(old)
			? [
					makeReason(
						"retention-exceeds-volume",
						nameOf(now),
						`retentionSize of ${nameOf(now)} is ${String(at(now, "spec.retentionSize"))}, and its volume has ${volume}: it is full before Prometheus deletes anything, because the WAL and the head are there, too.`,
					),
				]
			: [];
	});
}

/** How much its volume has, as it is written. */
function volumeOf({ spec }: Manifest): string | undefined {
	const size =
		at(spec, "storage.volumeClaimTemplate.spec.resources.requests.storage") ??
		at(
			spec,
			"storage.ephemeral.volumeClaimTemplate.spec.resources.requests.storage",
		) ??
		at(spec, "storage.emptyDir.sizeLimit");
	return size === undefined || size === null ? undefined : String(size);
}

/** Prometheus' units are powers of two: 8GB is all of 8Gi. */
function exceeds(prometheus: Manifest): boolean {
	const volume = volumeOf(prometheus);
	try {
		const kept = parseSize(String(at(prometheus, "spec.retentionSize") || "0"));
		return volume !== undefined && kept > 0 && kept >= parseQuantity(volume);
	} catch {
		// What cannot be read is refused as it is.
		return false;
	}
}
