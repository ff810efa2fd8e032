import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { projectPath } from "../e2e/common/paths.ts";

let dir = "";
beforeAll(async () => {
	dir = await mkdtemp(join(tmpdir(), "o11y-e2e-bad-input-"));
	await writeFile(join(dir, "list.yaml"), "- a\n");
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Starts a command, with a report's folder of its own if it writes one. */
async function start(
	command: string,
	args: readonly string[],
	env: Readonly<Record<string, string>> = {},
) {
	const report = ["e2e", "upgrade"].includes(command)
		? [`--report=${await mkdtemp(join(dir, "report-"))}`]
		: [];
	const { exitCode, stderr, stdout } = await execa(
		process.execPath,
		[projectPath("scripts", `${command}.ts`), ...report, ...args],
		{ reject: false, env },
	);
	return { exitCode, stderr: stderr.trim(), stdout };
}

// One of each command, and what is noticed only with an engine; bad-input.unit.test.ts has all others, without a process.
test.concurrent.each([
	["e2e", ["--chart", "embedded", "--chart-version", "1.2.3"], "one version"],
	["e2e", ["--images", "archive:DIR/list.yaml"], "not an archive that"],
	[
		"e2e",
		["--images", "build", "--k3s-version", "v1.34.1+k3s1"],
		"only --images pull",
	],
	["bench", ["--rounds", "0"], "--rounds 0: must be 1 or more"],
	["mutations", ["--only", "nonsense"], "--only nonsense: none of the"],
	["upgrade", ["--from", "auto", "--to", "embedded"], "cannot be compared"],
	["upgrade-comment", ["--artifact", "here"], "here: it is not a URL"],
	["down", ["--frobnicate"], "unknown option '--frobnicate'"],
] as const)(
	"%s %j ends with one sentence and exit code 3",
	async (command, args, sentence) => {
		const { exitCode, stderr } = await start(
			command,
			args.map((arg) => arg.replace("DIR", dir)),
		);
		expect(stderr).toContain(sentence);
		expect(stderr.split("\n")).toHaveLength(1);
		expect(exitCode).toBe(3);
	},
);

test.concurrent("a values file that the chart's schema refuses is bad input, in Helm's words", async () => {
	const file = join(dir, "wrong-type.yaml");
	await writeFile(file, "alertmanager: { enabled: perhaps }\n");
	const { exitCode, stderr } = await start("e2e", [
		"--chart=embedded",
		`--values=${file}`,
	]);
	expect(stderr).toMatch(/helm template failed .*alertmanager.*enabled/s);
	expect(exitCode).toBe(3);
});

test.concurrent("--help lists every option and ends with exit code 0", async () => {
	const { exitCode, stdout } = await start("e2e", ["--help"]);
	for (const option of [
		"keep",
		"only",
		"chart",
		"chart-version",
		"values",
		"images",
		"k3s-version",
		"fresh",
		"patience",
	])
		expect(stdout).toContain(`--${option}`);
	expect(exitCode).toBe(0);
});

test.concurrent("a first chart that refuses its own values is bad input", async () => {
	const file = join(dir, "refused.yaml");
	await writeFile(file, "grafana: {}\nprometheuss: {}\n");
	const { exitCode, stderr } = await start("upgrade", [
		"--plan",
		"--from=embedded",
		"--to=embedded",
		`--from-values=${file}`,
	]);
	expect(stderr).toMatch(/helm template failed .*prometheuss/s);
	expect(exitCode).toBe(3);
});

test.concurrent("a chart compared with itself is safe", async () => {
	const { exitCode, stderr } = await start("upgrade", [
		"--plan",
		"--from=embedded",
		"--to=embedded",
	]);
	expect(stderr).toBe("");
	expect(exitCode).toBe(0);
});

test.concurrent("O11Y_E2E_PATIENCE is checked as --patience is", async () => {
	const { exitCode, stderr } = await start("down", [], {
		O11Y_E2E_PATIENCE: "much",
	});
	expect(stderr).toContain("O11Y_E2E_PATIENCE much: must be a number");
	expect(exitCode).toBe(3);
});
