import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeKillInReplay } from "./kill-in-replay.ts";

const run = promisify(execFile);
/** Runs scripts on this machine, which must have a /proc. */
const here = {
	script: async (_node: string, script: string, ...args: string[]) =>
		(await run("sh", ["-c", script, "sh", ...args])).stdout,
};

let folder = "";
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "o11y-e2e-"));
	await mkdir(join(folder, "wal/checkpoint.00000003"), { recursive: true });
	for (const file of ["00000004", "00000005", "checkpoint.00000003/00000000"])
		await writeFile(join(folder, "wal", file), "samples");
});
afterAll(() => rm(folder, { recursive: true }));

/**
 * A process that has files open.
 *
 * @param redirections of a shell
 * @param seconds how long it is watched at most
 */
async function start(redirections: string, seconds = 30) {
	const child = spawn(
		"sh",
		["-c", `exec ${redirections}; echo; exec sleep 60`],
		{ cwd: join(folder, "wal"), stdio: ["ignore", "pipe", "ignore"] },
	);
	// By now the files are open.
	await once(child.stdout, "data");
	const { pid = 0 } = child;
	const fault = makeKillInReplay(here, { node: "", pid }, seconds);
	return { child, pid, fault };
}

describe.skipIf(process.platform !== "linux")("a process", () => {
	test.each([
		["3< 00000004 4>> 00000005", "00000004"],
		["3>> 00000005 4< 00000004", "00000004"],
		[
			"3< checkpoint.00000003/00000000 4>> 00000005",
			"checkpoint.00000003/00000000",
		],
	])("that reads the WAL is killed: %s", async (redirections, file) => {
		const { child, fault } = await start(redirections);
		const ended = once(child, "exit");
		expect(await fault.inflict()).toBe(file);
		expect(await ended).toEqual([null, "SIGKILL"]);
	});

	test.each(["3>> 00000005", "3>> 00000005 4< 00000005", "3< .."])(
		"that does not replay it runs on: %s",
		async (redirections) => {
			const { child, pid, fault } = await start(redirections, 1);
			expect(await fault.inflict()).toBeUndefined();
			const status = await readFile(`/proc/${pid}/status`, "utf8");
			expect(status).toMatch(/^State:\s+[SR]/m);
			child.kill("SIGKILL");
		},
	);

	test("that is gone is an error", async () => {
		const { child, fault } = await start("3>> 00000005");
		child.kill("SIGKILL");
		await once(child, "exit");
		await expect(fault.inflict()).rejects.toThrow();
	});
});
