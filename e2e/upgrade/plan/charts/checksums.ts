import { isEqual, pickBy } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { asObject, at } from "./fields.ts";
import { pairByKey } from "./pairs.ts";
import { objectKey } from "./side.ts";

const place = "spec.template.metadata.annotations";

/** Checksums of workloads whose value differs between two renderings of one chart: those of something random. */
export function findRandomChecksums(
	once: readonly Manifest[],
	again: readonly Manifest[],
): Set<string> {
	return new Set(
		pairByKey(once, again, objectKey).both.flatMap(([one, other]) => {
			const then = checksumsOf(other);
			return Object.entries(checksumsOf(one))
				.filter(([name, value]) => !isEqual(value, then[name]))
				.map(([name]) => keyOf(one, name));
		}),
	);
}

/**
 * A document of a rendering without checksums that are random.
 *
 * @param objects what is in it
 * @param random as found by `findRandomChecksums`
 */
export function withoutChecksums(
	document: string,
	objects: readonly Manifest[],
	random: ReadonlySet<string>,
): string {
	return document.replaceAll(
		/^\s+(checksum\/[^\s:]+):.*\n/gm,
		(line: string, name: string) =>
			objects.some((each) => random.has(keyOf(each, name))) ? "" : line,
	);
}

function checksumsOf(workload: Manifest): Record<string, unknown> {
	return pickBy(asObject(at(workload, place)), (_, name) =>
		name.startsWith("checksum/"),
	);
}

function keyOf(workload: Manifest, name: string): string {
	return `${objectKey(workload)} ${name}`;
}
