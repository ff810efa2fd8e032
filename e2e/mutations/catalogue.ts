import { readdir, readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import type { ClaimSet } from "../harness/claims/catalogue.ts";

const kebabCase = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);
const labels = z.record(z.string(), z.string());

const manifest = z.looseObject({
	apiVersion: z.string(),
	kind: z.string(),
	metadata: z.strictObject({
		name: z.string(),
		/** The stack's own unless told. */
		namespace: z.string().optional(),
		labels: labels.optional(),
	}),
});

/** A Secret made from one that set-up made, whose content nobody else knows. */
const derivedSecret = z.strictObject({
	name: z.string(),
	from: z.string(),
	key: z.string(),
	/** A regular expression over lines, which must match. */
	replace: z.string(),
	with: z.string(),
});
export type DerivedSecret = z.infer<typeof derivedSecret>;

/** An addon whose manifests are changed as text, and put back afterwards. */
const changedAddon = z.strictObject({
	name: kebabCase,
	changes: z
		.array(
			z.strictObject({
				/** A regular expression over lines, which must match. */
				replace: z.string(),
				with: z.string(),
			}),
		)
		.min(1),
});

const mutation = z
	.strictObject({
		id: kebabCase,
		/** What a person would have got wrong. */
		why: z.string().min(20),
		/** Further claims, which say of the same thing more or less the same. */
		alsoRefutes: z.array(z.string()).default([]),
		/** In the public chart's keys, layered last. */
		values: z.record(z.string(), z.unknown()).default({}),
		/** Applied before the values are installed, deleted once the claims were tested. */
		objects: z.array(manifest).default([]),
		/** As `objects`. */
		secrets: z.array(derivedSecret).default([]),
		addons: z.array(changedAddon).default([]),
	})
	.refine(
		({ values, objects, addons }) =>
			Object.keys(values).length + objects.length + addons.length > 0,
		"it changes nothing",
	);

/** A change of the stack that its claim must refute, and no other claim but those of `alsoRefutes`. */
export type Mutation = z.infer<typeof mutation> & {
	/** The claim's id: the name of the file that the mutation stands in. */
	readonly claim: string;
};

/** Where the catalogues of both sets of claims are. */
const folders: Readonly<Record<ClaimSet, URL>> = {
	claims: new URL("./", import.meta.url),
	faults: new URL("./faults/", import.meta.url),
};

/**
 * Reads a whole catalogue, in the order of claims and files.
 *
 * @param from a set of claims, or a folder
 * @throws Error naming the file that is not as it should be
 */
export async function readMutations(
	from: ClaimSet | URL = "claims",
): Promise<Mutation[]> {
	const folder = from instanceof URL ? from : folders[from];
	const files = (await readdir(folder)).filter((file) =>
		file.endsWith(".yaml"),
	);
	const all = await Promise.all(
		files.sort().map(async (file) => {
			const claim = file.replace(/\.yaml$/, "");
			const text = await readFile(new URL(file, folder), "utf8");
			const read = z.array(mutation).safeParse(parse(text));
			if (!read.success)
				throw new Error(`${file}: ${z.prettifyError(read.error)}`);
			return read.data.map((each) => ({ ...each, claim }));
		}),
	);
	return all.flat();
}
