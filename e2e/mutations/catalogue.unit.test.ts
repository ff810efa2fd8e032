import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, onTestFinished, test } from "vitest";
import { isMap, parseDocument } from "yaml";
import { readMutations } from "./catalogue.ts";
import { readHealthy } from "./healthy.ts";

const mutations = await readMutations();
const claims = await listIds("..");
const faultMutations = await readMutations("faults");
const faults = await listIds("../faults");
const healthy = await readHealthy();

async function listIds(folder: string): Promise<string[]> {
	return (await readdir(new URL(folder, import.meta.url)))
		.filter((file) => /^[a-z0-9-]+\.test\.ts$/.test(file))
		.map((file) => file.replace(/\.test\.ts$/, ""));
}

describe("the catalogue", () => {
	test.each([
		...claims.map((id) => ({ id, of: mutations })),
		...faults.map((id) => ({ id, of: faultMutations })),
	])("has at least three mutations of $id", ({ id, of }) => {
		const own = of.filter(({ claim }) => claim === id);
		expect(own.length).toBeGreaterThanOrEqual(3);
	});

	test.each([
		{ what: "claims", ids: claims, of: mutations },
		{ what: "faults", ids: faults, of: faultMutations },
	])("has mutations of nothing but $what", ({ ids, of }) => {
		const unknown = of.flatMap(({ id, claim, alsoRefutes }) =>
			[claim, ...alsoRefutes]
				.filter((each) => !ids.includes(each))
				.map((each) => `${id}: ${each}`),
		);
		expect(unknown).toEqual([]);
	});

	test("says how each message names the mistake", () => {
		// What Grafana answers at a path that it does not serve depends on its version.
		const unsaid = ["pages-under-a-path"];
		expect(
			[...mutations, ...faultMutations]
				.filter(({ says }) => says === undefined)
				.map(({ id }) => id),
		).toEqual(unsaid);
	});

	test.each([
		{ of: mutations, folder: "../" },
		{ of: faultMutations, folder: "../faults/" },
	])(
		"expects no words that every message of a claim in $folder has",
		async ({ of, folder }) => {
			const titles = new Map<string, string[]>();
			for (const claim of new Set(of.map((each) => each.claim))) {
				const file = new URL(`${folder}${claim}.test.ts`, import.meta.url);
				const found = (await readFile(file, "utf8")).matchAll(
					/(["`]).+?\1, async/g,
				);
				titles.set(claim, Array.from(found, String));
			}
			expect([...titles.values()].flat()).not.toEqual([]);
			const idle = of.filter(({ claim, says }) =>
				["", ...(titles.get(claim) ?? [])].some(
					(title) => says !== undefined && new RegExp(says).test(title),
				),
			);
			expect(idle.map(({ id }) => id)).toEqual([]);
		},
	);

	test("has every id only once", () => {
		const ids = [...mutations, ...faultMutations, ...healthy].map(
			({ id }) => id,
		);
		expect(ids).toEqual([...new Set(ids)]);
	});

	test("changes only components that the chart has", async () => {
		const chart = parseDocument(
			await readFile(
				new URL(
					"../../stack/charts/kube-prometheus-stack/values.yaml",
					import.meta.url,
				),
				"utf8",
			),
		);
		const known = isMap(chart.contents)
			? chart.contents.items.map(({ key }) => String(key))
			: [];
		const unknown = [...mutations, ...faultMutations, ...healthy].flatMap(
			({ id, values }) =>
				Object.keys(values)
					.filter((key) => !known.includes(key))
					.map((key) => `${id}: ${key}`),
		);
		expect(unknown).toEqual([]);
	});

	test("has only healthy values that the embedded chart takes", async () => {
		const schema = new URL(
			"../../stack/charts/kube-prometheus-stack/values.schema.json",
			import.meta.url,
		);
		const takes = new Ajv({ strict: false }).compile(
			JSON.parse(await readFile(schema, "utf8")),
		);
		const refused = healthy.flatMap(({ id, values }) =>
			takes(withoutNulls(values))
				? []
				: (takes.errors ?? []).map(
						({ instancePath, message }) => `${id}: ${instancePath} ${message}`,
					),
		);
		expect(refused).toEqual([]);
	});

	test("has no unused Secret", () => {
		for (const each of [...mutations, ...faultMutations]) {
			const { id, values, objects, secrets, addons } = each;
			const made = [
				...secrets.map(({ name }) => name),
				...objects
					.filter(({ kind }) => kind === "Secret")
					.map(({ metadata }) => metadata.name),
			];
			for (const name of made)
				expect(JSON.stringify([values, addons]), id).toContain(name);
		}
	});
});

/** As Helm hands values to the schema: null removes a key. */
function withoutNulls(values: object): unknown {
	return JSON.parse(JSON.stringify(values), (_, each) => each ?? undefined);
}

test.each([
	["no list", "id: x", "expected array"],
	["no reason", "[{id: x, values: {a: 1}}]", "why"],
	[
		"an unknown field",
		"[{id: x, why: because it would be wrong, values: {a: 1}, patch: {}}]",
		"patch",
	],
	[
		"a message that is no regular expression",
		"[{id: x, why: because it would be wrong, values: {a: 1}, says: '('}]",
		"no regular expression",
	],
	[
		"nothing to change",
		"[{id: x, why: because it would be wrong, values: {}}]",
		"it changes nothing",
	],
])("a file with %s is refused by name", async (_, text, problem) => {
	const folder = await mkdtemp(join(tmpdir(), "mutations-"));
	await writeFile(join(folder, "some-claim.yaml"), text);
	onTestFinished(() => rm(folder, { recursive: true }));
	const read = () => readMutations(pathToFileURL(`${folder}/`));
	await expect(read).rejects.toThrow("some-claim.yaml");
	await expect(read).rejects.toThrow(problem);
});
