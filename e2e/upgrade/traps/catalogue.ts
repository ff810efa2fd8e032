import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { writeGoYaml } from "../../common/parsing/go-yaml.ts";
import { projectPath } from "../../common/paths.ts";
import type { LocatedChart } from "../../harness/chart/locate.ts";
import { kinds } from "../reason-kinds.ts";
import { flatten, type Reason } from "../reasons.ts";

const edit = z.union([
	z.strictObject({ file: z.string(), find: z.string(), with: z.string() }),
	z.strictObject({ file: z.string(), content: z.string() }),
	z.strictObject({ file: z.string(), delete: z.literal(true) }),
]);
type Edit = z.infer<typeof edit>;

const values = z.record(z.string(), z.unknown());

const trap = z.strictObject({
	id: z.string().regex(/^[a-z0-9-]+$/),
	/** What it would do to a person. */
	why: z.string(),
	/** Whether the homelab's values are the lowest layer. */
	homelab: z.boolean().default(true),
	/** For both charts. */
	values: values.default({}),
	/** Layered over `values` for the second chart. */
	toValues: values.default({}),
	/** Edits of the embedded chart. */
	from: z.array(edit).default([]),
	to: z.array(edit).default([]),
	/** Every reason as `id`, or `cause > id`. */
	expect: z.array(z.string()),
	/** For `npm run upgrade:traps`: what an upgrade on a real cluster must show, and which claims are tested. */
	full: z
		.strictObject({
			expect: z.array(z.string()),
			only: z.array(z.string()),
			skipCrds: z.boolean().default(false),
			/** What upgrades. The others need a Helm that the traps' cluster does not have. */
			with: z.enum(["helm3", "argo"]).optional(),
		})
		.optional(),
});
export type Trap = z.infer<typeof trap>;

/** Reads traps.yaml. @throws Error if it names a reason that does not exist */
export async function readTraps(): Promise<Trap[]> {
	const text = await readFile(
		projectPath("e2e/upgrade/traps/traps.yaml"),
		"utf8",
	);
	const traps = z.array(trap).parse(parse(text));
	for (const { id, expect, full } of traps)
		for (const name of [
			...expect.flatMap((each) => each.split(" > ")),
			...(full?.expect ?? []),
		])
			if (!(name in kinds))
				throw new Error(`${id} expects ${name}, which is not a reason`);
	return traps;
}

/** One side of a trap: a chart in a folder, and the values files that go with it. */
export interface TrapSide {
	readonly chart: LocatedChart;
	readonly values: readonly { name: string; content: string }[];
}

/** A side of a trap that is not written yet. */
export interface DeclaredSide {
	/** Edits of the embedded chart. */
	readonly edits: readonly Edit[];
	readonly values: TrapSide["values"];
}

/** Writes the two charts of a trap below a folder. */
export async function makeTrap(
	trap: Trap,
	dir: string,
): Promise<{ from: TrapSide; to: TrapSide }> {
	const { from, to } = await declareSides(trap);
	const write = async ({ edits, values }: DeclaredSide, name: string) => ({
		chart: await writeChart(edits, join(dir, trap.id, name)),
		values,
	});
	return { from: await write(from, "from"), to: await write(to, "to") };
}

/** The two sides of a trap. */
export async function declareSides({
	from,
	to,
	homelab,
	values: own,
	toValues,
}: Trap): Promise<{ from: DeclaredSide; to: DeclaredSide }> {
	const name = "stack/values/kube-prometheus-stack.yaml";
	const content = await readFile(projectPath(name), "utf8");
	const layers = [
		...(homelab ? [{ name, content }] : []),
		{ name: "trap.yaml", content: writeGoYaml(own) },
	];
	return {
		from: { edits: from, values: layers },
		to: {
			edits: to,
			values: [...layers, { name: "to.yaml", content: writeGoYaml(toValues) }],
		},
	};
}

/** Writes the embedded chart with edits to a new folder. */
export async function writeChart(
	edits: readonly Edit[],
	path: string,
): Promise<LocatedChart> {
	await cp(projectPath("stack/charts/kube-prometheus-stack"), path, {
		recursive: true,
	});
	await rm(join(path, "values.schema.json"));
	for (const each of edits) await applyEdit(path, each);
	return { source: path, path, isFolder: true };
}

async function applyEdit(root: string, each: Edit): Promise<void> {
	const file = join(root, each.file);
	if ("delete" in each) return rm(file);
	if ("content" in each) {
		await mkdir(dirname(file), { recursive: true });
		return writeFile(file, each.content);
	}
	const text = await readFile(file, "utf8");
	if (!text.includes(each.find))
		throw new Error(`${each.file} does not contain ${each.find}`);
	await writeFile(file, text.replaceAll(each.find, each.with));
}

/** Every kind of reason once, in the form of a trap's `expect`. */
export function outlineOf(reasons: readonly Reason[]): string[] {
	const outline = reasons.flatMap((each) => [
		each.id,
		...flatten(each.consequences).map(({ id }) => `${each.id} > ${id}`),
	]);
	return [...new Set(outline)].sort();
}
