import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { projectPath } from "../../common/paths.ts";
import { readAction } from "./stand-in/read-action.ts";

const { text, inputs, steps, comment } = await readAction();

test("each input is used, and only these are", () => {
	const used = [...text.matchAll(/\binputs\.([\w-]+)/g)].map(
		([, name]) => name,
	);
	expect(new Set(used)).toEqual(new Set(Object.keys(inputs)));
});

test("nothing is put into a script but by its environment", () => {
	const scripts = steps.flatMap(({ run }) => run ?? []);
	expect(scripts).toHaveLength(3);
	expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
});

test("only the step that writes the comment has the token", () => {
	const having = steps.filter((each) => /\btoken\b/.test(JSON.stringify(each)));
	expect(having).toEqual([comment]);
});

test("other actions are pinned by their commit, the same everywhere", async () => {
	const files = [
		"action.yml",
		".github/workflows/nightly.yml",
		"e2e/upgrade/README.md",
	];
	const texts = await Promise.all(
		files.map((file) => readFile(projectPath(file), "utf8")),
	);
	const uses = texts.flatMap((each) => [
		...each.matchAll(/uses: (actions\/[\w-]+)(\S*)(.*)/g),
	]);
	const pins = new Map<string | undefined, Set<string>>();
	for (const [, name, pin = "", version = ""] of uses) {
		expect(pin).toMatch(/^@[0-9a-f]{40}$/);
		expect(version).toMatch(/^ # v\d+\.\d+\.\d+$/);
		pins.set(name, (pins.get(name) ?? new Set()).add(pin + version));
	}
	expect([...pins.values()].map(({ size }) => size)).toEqual([1, 1]);
});
