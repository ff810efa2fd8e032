import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { countBy, groupBy } from "es-toolkit";
import { expect, test } from "vitest";
import { projectPath, projectRoot } from "../e2e/common/paths.ts";

const files = execFileSync(
	"git",
	["ls-files", "--cached", "--others", "--exclude-standard", "*.ts", "*.mjs"],
	{ cwd: projectRoot, encoding: "utf8" },
)
	.split("\n")
	.filter((file) => file && existsSync(projectPath(file)))
	.map((path) => ({ path, text: readFileSync(projectPath(path), "utf8") }));
/** Files of code, without tests. */
const code = files.filter(
	({ path }) => !/\.(unit|integration)\.test\.ts$/.test(path),
);

/** A table of data. */
const mayBeLong = "e2e/upgrade/reason-kinds.ts";

test("no file has more than 250 lines", () => {
	const long = files
		.filter(({ path }) => path !== mayBeLong)
		.map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
		.filter(({ lines }) => lines > 250);
	expect(long).toEqual([]);
});

test("no folder has more than 25 files of code", () => {
	const sizes = Object.entries(countBy(code, ({ path }) => dirname(path)));
	expect(sizes.filter(([, count]) => count > 25)).toEqual([]);
});

test("file names are in kebab-case", () => {
	const names = files.map(({ path }) => basename(path));
	expect(
		names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)+$/.test(name)),
	).toEqual([]);
});

test("no two exports have one name", () => {
	const exports = code.flatMap(({ path, text }) =>
		[
			...text.matchAll(
				/^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm,
			),
		].map(([, name = ""]) => ({ name, path })),
	);
	// A schema and its type may share one; so may overloads. `test` with further fixtures is vitest's own convention.
	const places = Object.entries(groupBy(exports, ({ name }) => name))
		.map(
			([name, found]) =>
				[name, new Set(found.map(({ path }) => path))] as const,
		)
		.filter(([name, paths]) => paths.size > 1 && name !== "test");
	expect(places).toEqual([]);
});

test("what is printed goes through one place, where secrets are blanked", () => {
	const printing = code
		.filter(({ path }) => /^(e2e|scripts)\/.*\.ts$/.test(path))
		.filter(({ text }) => /\bconsole\.|process\.std(out|err)\.write/.test(text))
		.map(({ path }) => path);
	expect(printing).toEqual(["e2e/common/output/terminal.ts"]);
});

test("what is written into a report goes through one place, where secrets are blanked", () => {
	// common/file-lock.ts writes into the cache.
	const reports =
		/^e2e\/(harness\/(report|claims|set-up)|mutations|upgrade\/(report|full)|common(?!\/file-lock))\//;
	const writing = code
		.filter(({ path }) => reports.test(path))
		.filter(({ text }) =>
			/\b(writeFile|appendFile|createWriteStream)\w*\(/.test(text),
		)
		.map(({ path }) => path);
	expect(writing).toEqual([
		"e2e/common/output/report-file.ts",
		"e2e/common/output/report-manifest.ts",
	]);
});
