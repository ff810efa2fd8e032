import { readdir, readFile } from "node:fs/promises";
import { z } from "zod";
import { parseYaml } from "../common/parsing/yaml-documents.ts";
import type { ClaimSet } from "../harness/claims/catalogue.ts";

const kebabCase = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);
const labels = z.record(z.string(), z.string());

const manifest = z.looseObject({
	apiVersion: z.string(),
	kind: z.string(),
	metadata: z.strictObject({
		name: z.string(),
		/** By default the stack's own. */
		namespace: z.string().optional(),
		labels: labels.optional(),
	}),
});

/** A Secret made from one of set-up's, whose content only the cluster knows. */
const derivedSecret = z.strictObject({
	name: z.string(),
	from: z.string(),
	key: z.string(),
	/** A regular expression in multi-line mode, which must match. */
	replace: z.string(),
	with: z.string(),
});
export type DerivedSecret = z.infer<typeof derivedSecret>;

/** An addon whose manifests are changed as text, and restored afterwards. */
const changedAddon = z.strictObject({
	name: kebabCase,
	changes: z
		.array(
			z.strictObject({
				/** A regular expression in multi-line mode, which must match. */
				replace: z.string(),
				with: z.string(),
			}),
		)
		.min(1),
});

function isRegExp(text: string): boolean {
	try {
		new RegExp(text);
		return true;
	} catch {
		return false;
	}
}

const mutation = z
	.strictObject({
		id: kebabCase,
		/** The mistake that a person would have made. */
		why: z.string().min(20),
		/** Further claims that it refutes, because they say nearly the same. */
		alsoRefutes: z.array(z.string()).default([]),
		/** A regular expression that the claim's message must match: the claim was refuted for this mistake, and no other. */
		says: z.string().refine(isRegExp, "no regular expression").optional(),
		/** Tried alone on a fresh cluster: what it makes the stack refuse leaves in force what was there before. */
		fresh: z.boolean().default(false),
		/** With the public chart's keys, layered last. */
		values: z.record(z.string(), z.unknown()).default({}),
		/** Applied before the values are installed, deleted after the claims were tested. */
		objects: z.array(manifest).default([]),
		/** Applied and deleted as `objects`. */
		secrets: z.array(derivedSecret).default([]),
		addons: z.array(changedAddon).default([]),
		/** What the object store deletes from the bucket of blocks by itself. */
		lifecycle: z
			.array(z.strictObject({ prefix: z.string(), days: z.int().min(1) }))
			.default([]),
	})
	.refine(
		({ values, objects, addons, lifecycle }) =>
			Object.keys(values).length +
				objects.length +
				addons.length +
				lifecycle.length >
			0,
		"it changes nothing",
	);

/** A change of the stack that its claim and those of `alsoRefutes` must refute, and no other claim. */
export type Mutation = z.infer<typeof mutation> & {
	/** The claim's id, which is the name of the mutation's file. */
	readonly claim: string;
};

/** What a mutation changes. */
export type Changes = Pick<
	Mutation,
	"values" | "objects" | "secrets" | "addons" | "lifecycle"
>;

/** The claims that a mutation must refute. */
export function mustRefute({
	claim,
	alsoRefutes,
}: Pick<Mutation, "claim" | "alsoRefutes">): string[] {
	return [claim, ...alsoRefutes];
}

/** The catalogues of both sets of claims. */
const folders: Readonly<Record<ClaimSet, URL>> = {
	claims: new URL("./", import.meta.url),
	faults: new URL("./faults/", import.meta.url),
};

/**
 * Reads a whole catalogue, in the order of claims and files.
 *
 * @param from a set of claims, or a folder
 * @throws Error naming the invalid file
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
			const read = z.array(mutation).safeParse(parseYaml(text));
			if (!read.success)
				throw new Error(`${file}: ${z.prettifyError(read.error)}`);
			return read.data.map((each) => ({ ...each, claim }));
		}),
	);
	return all.flat();
}
