import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import type { RunnableCommand } from "../e2e/common/command.ts";
import { makeFakeCheckout, playedTerminal } from "./fakes/fake-checkout.ts";
import { findConsumed, npmOptions } from "./npm-options.mjs";

const names = (await readdir(import.meta.dirname)).flatMap(
	(file) => /^([a-z0-9-]+)\.ts$/.exec(file)?.[1] ?? [],
);
const commands = await Promise.all(
	names.map(async (name): Promise<[string, RunnableCommand[]]> => {
		const exported: object = await import(
			join(import.meta.dirname, `${name}.ts`)
		);
		return [name, Object.values(exported).filter(isCommand)];
	}),
);

function isCommand(value: unknown): value is RunnableCommand {
	return typeof value === "object" && value !== null && "flags" in value;
}

test.each(commands)("%s exports one command", (_, exported) => {
	expect(exported).toHaveLength(1);
});

test("bootstrap.mjs knows every option that npm can consume", () => {
	const flags = commands.flatMap(([, exported]) =>
		exported.flatMap((each) => each.flags),
	);
	const unseen = ["only"];
	expect([...new Set(flags)].sort()).toEqual([...npmOptions, ...unseen].sort());
});

test.each([
	["--chart", { npm_config_chart: "embedded" }, "chart"],
	["--no-whole", { npm_config_whole: "" }, "no-whole"],
	["--k3s-version", { npm_config_k3s_version: "v1" }, "k3s-version"],
	["nothing", { npm_config_cache: "/tmp" }, undefined],
	[
		"--plan",
		{ npm_config_parseable: "", npm_config_long: "", npm_config_all: "" },
		"plan",
	],
])("%s is found in the environment that npm sets", (_, env, expected) => {
	expect(findConsumed(env)).toBe(expected);
});

test("what a person's .npmrc sets was not typed", async () => {
	const dir = await mkdtemp(join(tmpdir(), "o11y-e2e-npmrc-"));
	onTestFinished(() => rm(dir, { recursive: true }));
	const file = join(dir, ".npmrc");
	await writeFile(file, "; mine\nsave=false\n json = true\n");
	const set = { npm_config_save: "", npm_config_json: "true" };
	for (const where of [
		{ npm_config_userconfig: file },
		{ npm_config_globalconfig: file },
		{ npm_config_local_prefix: dir },
	]) {
		expect(findConsumed({ ...set, ...where })).toBeUndefined();
		const typed = { ...set, ...where, npm_config_pin: "true" };
		expect(findConsumed(typed)).toBe("pin");
	}
	expect(findConsumed(set)).toBe("json");
});

test.each([
	["SIGINT", [], "INT"],
	// One that npm got alone: a terminal's own reaches the command, too, and must not be taken for a second one.
	["SIGINT", ["--import", playedTerminal], "TERM"],
	["SIGTERM", ["--import", playedTerminal], "TERM"],
] as const)("%s %j reaches the command", async (signal, options, passed) => {
	const root = await mkdtemp(join(tmpdir(), "o11y-e2e-signals-"));
	onTestFinished(() => rm(root, { recursive: true }));
	const program = join(root, "command.mjs");
	await writeFile(
		program,
		`import { existsSync } from "node:fs";
for (const name of ["INT", "TERM"])
	process.on("SIG" + name, () => { console.log(name); process.exit(130); });
console.log("ready");
setInterval(() => existsSync("${root}") || process.exit(), 100);`,
	);
	const bootstrap = await makeFakeCheckout(
		root,
		// A shell cannot catch a signal that it was started to ignore, as what a script runs in the background is.
		`[ "$1" = --version ] && exit
exec "${process.execPath}" "${program}"`,
	);
	const args = [...options, bootstrap, "doctor"];
	const command = execa(process.execPath, args, { reject: false });
	await once(command.stdout, "data");
	command.kill(signal);
	const { stdout, exitCode } = await command;
	expect(stdout).toBe(`ready\n${passed}`);
	expect(exitCode).toBe(130);
});
