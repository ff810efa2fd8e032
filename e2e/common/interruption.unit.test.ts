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

test("signals within a second are one, and the next one ends the process at once", async () => {
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
