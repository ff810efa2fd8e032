import { expect, test } from "vitest";
import { makeSide } from "../cases/read-cases.ts";
import { compareSides } from "../compare.ts";
import { candidatesFor } from "./intended.ts";
import { compareNeverRead } from "./never-read.ts";
import { type ChartValues, type Path, printPath } from "./values.ts";

const labels = { app: "web" };
const template = {
	metadata: { labels },
	spec: { containers: [{ name: "a", image: "a:1" }] },
};
const before = makeSide([], {
	objects: [
		{
			...{ kind: "Deployment", name: "web" },
			spec: { selector: { matchLabels: labels }, template },
		},
	],
});
const after = makeSide([], {});
const found = compareSides(before, after);

const defaults = {
	web: { storage: { enabled: false }, storages: "", storing: "", port: 80 },
	database: { enabled: false },
};

/** What is said of some keys, and what was tried for it; with values at `good` the workload stays. */
async function readNever(roots: readonly string[], good: string) {
	const tried: string[] = [];
	const values: ChartValues = {};
	const trial = {
		chart: { defaults, templates: "", values },
		try: (changes: readonly { readonly path: Path }[]) => {
			const names = changes.map(({ path }) => printPath(path));
			tried.push(...names);
			return Promise.resolve({ text: names.join(), differs: true });
		},
		read: (text: string) => (text === good ? before : after),
	};
	const reasons = await compareNeverRead(
		trial,
		{ chart: { values: {} }, side: before },
		roots.map((root) => [root.split("."), [root.split(".")]]),
		found,
		new Set(),
	);
	return { reasons, tried };
}

test("what a misspelled key would undo is told below it, with the right key", async () => {
	const { reasons, tried } = await readNever(["web.storge"], "web.storage");
	const [reason] = reasons;
	expect(found.map(({ id }) => id)).toEqual(["workload-gone"]);
	expect(reason).toMatchObject({
		danger: "review",
		what: "web.storge has no effect in the old chart and none in the new one. As web.storage it has one: what is told below would not happen.",
		wayOut: "Write it as web.storage, or delete it.",
		consequences: found,
	});
	expect(tried).toEqual(["web.storage"]);
});

test("what two keys would undo is told once", async () => {
	const roots = ["web.storge", "web.storag"];
	const { reasons } = await readNever(roots, "web.storage");
	expect(reasons.map(({ consequences }) => consequences)).toEqual([found, []]);
	expect(reasons[1]?.what).toContain(
		`As web.storage it has one: it would undo: ${found[0]?.what}`,
	);
});

test("a key that would undo nothing is a note", async () => {
	const { reasons } = await readNever(["web.storge"], "nothing");
	expect(reasons.map(({ danger, what }) => `${danger}: ${what}`)).toEqual([
		"note: web.storge has no effect in the old chart and none in the new one.",
	]);
});

test("several keys share what may be tried, each its nearest first", async () => {
	const roots = ["web.storge", "web.storag", "databse", "web.prot"];
	const { tried } = await readNever(roots, "nothing");
	expect(tried).toHaveLength(6);
	expect(tried.slice(0, 4)).toEqual([
		"web.storage",
		"web.storage",
		"database",
		"web.port",
	]);
});

test.each([
	["web.storge", {}, ["web.storage", "web.storages", "web.storing"]],
	[
		"web.storge",
		{ web: { storage: {} } },
		["web.storages", "web.storing", "web.port"],
	],
	["databse", {}, ["database"]],
	["web.ports.http", {}, []],
])("candidates for %s beside %j", (root, values, expected) => {
	const candidates = candidatesFor(
		{ defaults, templates: "", values },
		root.split("."),
	);
	expect(candidates.map(printPath).slice(0, 3)).toEqual(expected);
});
