import { setTimeout as pause } from "node:timers/promises";
import { execa } from "execa";
import { expect, test } from "vitest";
import { exitCodes } from "./errors.ts";

const script = `
	const { onInterrupt } = await import(${JSON.stringify(`${import.meta.dirname}/interruption.ts`)});
	onInterrupt();
	setInterval(() => undefined, 1000);
	console.log("ready");
`;

test.concurrent("signals within a second are one, and the next one ends the process at once", async () => {
	const child = execa(process.execPath, ["--input-type=module", "-e", script], {
		reject: false,
	});
	await new Promise((resolve) => child.stdout.once("data", resolve));
	const began = performance.now();
	while (child.kill("SIGTERM")) await pause(50);
	const { exitCode, stderr } = await child;
	expect(performance.now() - began).toBeGreaterThan(900);
	expect(stderr).toMatch(
		/SIGTERM: removing what this run made[\s\S]*ended at once/,
	);
	expect(exitCode).toBe(exitCodes.interrupted);
});

test("a second Ctrl-C in a terminal ends the process at once", async () => {
	const inTerminal = `process.stdin.isTTY = true;${script}`;
	const child = execa(
		process.execPath,
		["--input-type=module", "-e", inTerminal],
		{ reject: false },
	);
	await new Promise((resolve) => child.stdout.once("data", resolve));
	const told = new Promise((resolve) => child.stderr.once("data", resolve));
	child.kill("SIGINT");
	await told;
	const began = performance.now();
	child.kill("SIGINT");
	const { exitCode, stderr } = await child;
	expect(performance.now() - began).toBeLessThan(900);
	expect(stderr).toContain("ended at once");
	expect(exitCode).toBe(exitCodes.interrupted);
});

test.concurrent("a Ctrl-C that is passed on as SIGTERM is one signal", async () => {
	const inTerminal = `process.stdin.isTTY = true;${script}`;
	const args = ["--input-type=module", "-e", inTerminal];
	const child = execa(process.execPath, args, { reject: false });
	await new Promise((resolve) => child.stdout.once("data", resolve));
	let said = "";
	child.stderr.on("data", (chunk: Buffer) => {
		said += chunk.toString();
	});
	// In the order in which they may come.
	for (const signal of ["SIGTERM", "SIGINT", "SIGTERM"] as const) {
		child.kill(signal);
		await pause(50);
	}
	expect(said).toBe("\nSIGTERM: removing what this run made\n");
	child.kill("SIGINT");
	const { exitCode } = await child;
	expect(said).toContain("ended at once");
	expect(exitCode).toBe(exitCodes.interrupted);
});

test.concurrent("tidying up after a stop takes 60 s at most, whatever the patience, and nothing that hangs holds the process", async () => {
	const here = JSON.stringify(import.meta.dirname);
	const hanging = `
		const { mock } = await import("node:test");
		mock.timers.enable({ apis: ["setTimeout"] });
		const { onInterrupt, tidyUpLimit } = await import(${here} + "/interruption.ts");
		onInterrupt();
		process.emit("SIGTERM", "SIGTERM");
		mock.timers.tick(59_999);
		console.log(tidyUpLimit.aborted);
		mock.timers.tick(1);
		console.log(tidyUpLimit.aborted);
		mock.timers.tick(10_000);
		setInterval(() => undefined, 1000);
	`;
	const { stdout, stderr, exitCode } = await execa(
		process.execPath,
		["--input-type=module", "-e", hanging],
		{ reject: false, env: { O11Y_E2E_PATIENCE: "12" } },
	);
	expect(stdout).toBe("false\ntrue");
	expect(stderr).toMatch(
		/ended, because tidying up took longer than 70 s: npm run down removes what is left$/,
	);
	expect(exitCode).toBe(exitCodes.interrupted);
});

const early = `
	const { endOnTrouble } = await import(${JSON.stringify(`${import.meta.dirname}/interruption.ts`)});
	endOnTrouble();
`;

test.concurrent.each([
	["throw new Error('no idea');", "unexpected error: no idea"],
	["Promise.reject(new Error('no idea'));", "unexpected error: no idea"],
] as const)(
	"%s before a run is under way ends with 2, not with what refutes a claim",
	async (line, said) => {
		const script = `${early}setTimeout(() => { ${line} }); setInterval(() => undefined, 1000);`;
		const args = ["--input-type=module", "-e", script];
		const { exitCode, stderr } = await execa(process.execPath, args, {
			reject: false,
		});
		expect(stderr).toBe(said);
		expect(exitCode).toBe(exitCodes.setUpFailed);
	},
);

test.concurrent("a closed output before a run is under way ends the process at once, as if interrupted", async () => {
	const script = `${early}setInterval(() => console.log("line"), 1);`;
	const args = ["--input-type=module", "-e", script];
	const child = execa(process.execPath, args, { reject: false });
	await new Promise((resolve) => child.stdout.once("data", resolve));
	child.stdout.destroy();
	const { exitCode, stderr } = await child;
	expect(stderr).toBe("");
	expect(exitCode).toBe(exitCodes.interrupted);
});
