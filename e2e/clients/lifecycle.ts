import { z } from "zod";

/** XML has one element or several, and an empty one is an empty text. */
const some = <T extends z.ZodType>(item: T) =>
	z.preprocess(
		(found) =>
			found === undefined || found === ""
				? []
				: Array.isArray(found)
					? found
					: [found],
		z.array(item),
	);
const filterOf = z.looseObject({
	Prefix: z.string().default(""),
	Tag: z.unknown().optional(),
});
const emptyAsNothing = (found: unknown) => (found === "" ? undefined : found);

const rule = z.looseObject({
	ID: z.coerce.string().default(""),
	Status: z.string().default("Enabled"),
	/** The older place of a filter's prefix. */
	Prefix: z.string().optional(),
	Filter: z.preprocess(
		emptyAsNothing,
		filterOf.extend({ And: filterOf.optional() }).optional(),
	),
	Expiration: z.preprocess(
		emptyAsNothing,
		z
			.looseObject({
				Days: z.coerce.number().optional(),
				Date: z.coerce.string().optional(),
			})
			.optional(),
	),
});
/** A rule of a bucket's lifecycle, in S3's words. */
export type LifecycleRule = z.infer<typeof rule>;

/** As an S3 server answers. */
export const lifecycle = z.looseObject({ Rule: some(rule) });
