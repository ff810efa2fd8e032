import { z } from "zod";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { textsOf } from "../../../clients/secret.ts";
import { oncePerObject } from "../../../common/parsing/once-per-object.ts";
import { isPlaceholder } from "../../../harness/chart/encryption.ts";

const entries = z
	.record(
		z.string(),
		// The API server refuses a number, which its schema reports.
		z.unknown().transform((value) => String(value ?? "")),
	)
	.nullish()
	.catch({});
/** As a chart renders it: any value may be empty, and a Secret may have values in plain text. */
const rendered = z.looseObject({ data: entries, stringData: entries });

/** The entries of a ConfigMap or a Secret, decoded. */
export const dataOf = oncePerObject(
	(object: Manifest): ReadonlyMap<string, string> => {
		const { data, stringData } = rendered.parse(object);
		const texts =
			object.kind === "Secret" ? textsOf({ data: data ?? {} }) : data;
		return new Map(Object.entries({ ...texts, ...stringData }));
	},
);

/** An entry of it; undefined if it has none, or if nobody knows what is in there, as of what is encrypted. */
export function readableEntry(
	object: Manifest,
	key: string,
): string | undefined {
	const text = dataOf(object).get(key);
	return text === undefined || isPlaceholder(text) ? undefined : text;
}
