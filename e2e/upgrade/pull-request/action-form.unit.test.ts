import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
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
		...each.matchAll(/uses: (actions\/[\w/-]+)(\S*)(.*)/g),
	]);
	const pins = new Map<string | undefined, Set<string>>();
	for (const [, name, pin = "", version = ""] of uses) {
		expect(pin).toMatch(/^@[0-9a-f]{40}$/);
		expect(version).toMatch(/^ # v\d+\.\d+\.\d+$/);
		pins.set(name, (pins.get(name) ?? new Set()).add(pin + version));
	}
	expect([...pins.values()].map(({ size }) => size)).toEqual([1, 1, 1, 1]);
});

const workflow = z.looseObject({
	permissions: z.record(z.string(), z.string()),
	jobs: z.record(
		z.string(),
		z.looseObject({
			steps: z.array(
				z.looseObject({
					uses: z.string(),
					with: z.record(z.string(), z.unknown()).default({}),
				}),
			),
		}),
	),
});

test("the README's workflow needs these two permissions and sets only inputs that there are", async () => {
	const readme = await readFile(projectPath("e2e/upgrade/README.md"), "utf8");
	const blocks = [...readme.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(
		([, block = ""]) => block,
	);
	expect(blocks).toHaveLength(3);
	for (const block of blocks) expect(parse(block)).toBeTypeOf("object");
	const { permissions, jobs } = workflow.parse(parse(blocks[0] ?? ""));
	expect(permissions).toEqual({ contents: "read", "pull-requests": "write" });
	const steps = Object.values(jobs).flatMap((job) => job.steps);
	const own = steps.find(({ uses }) => uses.includes("/o11y-e2e@"));
	expect(Object.keys(inputs)).toEqual(
		expect.arrayContaining(Object.keys(own?.with ?? { missing: true })),
	);
});
