import type { Manifest } from "../../../clients/kube-objects.ts";
import { parseDuration } from "../../../common/duration.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { parseQuantity, parseSize } from "../../../common/sizes.ts";
import { at } from "../charts/fields.ts";
import { requestedStorage } from "../objects/volume-claims.ts";

interface Amount {
	readonly path: string;
	readonly value: unknown;
}

/** Sizes of volumes, and what Prometheus is to keep, that cannot be read: a sentence each. */
export function unreadableAmounts(object: Manifest): string[] {
	const size = { what: "a volume's size", example: "5Gi or 5G" };
	const kept = { what: "a size that Prometheus keeps", example: "8GB" };
	const time = { what: "a time that Prometheus keeps", example: "6d" };
	return [
		...volumeSizes(object).flatMap((each) =>
			unreadable(each, parseQuantity, size),
		),
		...retention(object, "spec.retentionSize").flatMap((each) =>
			unreadable(each, parseSize, kept),
		),
		...retention(object, "spec.retention").flatMap((each) =>
			unreadable(each, parseDuration, time),
		),
	];
}

function volumeSizes(object: Manifest): Amount[] {
	const ofClaim =
		object.kind === "PersistentVolumeClaim" ? [requestedStorage] : [];
	const ofOperator = `spec.storage.volumeClaimTemplate.${requestedStorage}`;
	const templates = listAt(object, "spec", "volumeClaimTemplates");
	return [
		...[...ofClaim, ofOperator].map((path) => ({
			path,
			value: at(object, path),
		})),
		...templates.map((each, i) => ({
			path: `spec.volumeClaimTemplates[${i}].${requestedStorage}`,
			value: at(each, requestedStorage),
		})),
	];
}

function retention(object: Manifest, path: string): Amount[] {
	return object.kind === "Prometheus"
		? [{ path, value: at(object, path) }]
		: [];
}

function unreadable(
	{ path, value }: Amount,
	read: (text: string) => number,
	{ what, example }: { readonly what: string; readonly example: string },
): string[] {
	if (value === undefined || value === null || value === "") return [];
	try {
		read(String(value));
		return [];
	} catch {
		return [
			`${path} is "${String(value)}", which cannot be read as ${what}, such as ${example}`,
		];
	}
}
