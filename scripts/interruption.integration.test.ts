import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { budgets } from "../e2e/common/budgets.ts";
import { eventually, notYet } from "../e2e/common/eventually.ts";
import { labels } from "../e2e/common/labels.ts";
import { projectPath } from "../e2e/common/paths.ts";
import { findCarelessContainers } from "../e2e/harness/docker/careless-containers.ts";
import { connectDocker } from "../e2e/harness/docker/connection.ts";
import { isAlive, tempDirOf } from "../e2e/harness/run/run.ts";

const docker = await connectDocker();
let dir = "";
beforeAll(async () => {
	dir = await mkdtemp(join(tmpdir(), "o11y-e2e-interruption-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** How many containers, networks and volumes a run has. */
async function countOf(runId: string): Promise<number> {
	const filters = { label: [`${labels.run}=${runId}`] };
	const containers = await docker.listContainers({ all: true, filters });
	const networks = await docker.listNetworks({ filters });
	const { Volumes: volumes } = await docker.listVolumes({ filters });
	return containers.length + networks.length + volumes.length;
}

/** Known already: no registry is asked again. */
const images = `--images=${inject("imageSource")}`;

/** Starts a run as a person does, by npm, and waits until its cluster's containers are being made. */
async function startRun(report: string) {
	const options = ["--fresh", `--report=${join(dir, report)}`, images];
	const run = execa(
		"npm",
		["run", "e2e", "--", ...options],
		// Tidying up takes the time it takes.
		{ reject: false, forceKillAfterDelay: false, cwd: projectPath() },
	);
	let said = "";
	await Promise.race([
		run,
		new Promise<void>((resolve) => {
			run.stdout.on("data", (chunk: Buffer) => {
				said += chunk.toString();
				if (said.includes("✓ registry")) resolve();
			});
		}),
	]);
	// Not the process itself: it would be awaited as a promise.
	const id = /run ([0-9a-f]{8})/.exec(said)?.[1] ?? "";
	expect(await countOf(id)).toBeGreaterThan(0);
	const { faults } = await findCarelessContainers(docker, id);
	expect(faults).toEqual([]);
	return { run, id };
}

/** Waits until the process of a run, which may outlive npm, has tidied up. */
function waitUntilGone(id: string): Promise<void> {
	return eventually(`run ${id} has ended`, budgets.removal, async () => {
		if (await isAlive(id)) return notYet("it is alive");
	});
}

// Two at the same time, because a set-up mostly waits; and no more, because each starts nodes.
describe("a signal to npm in the middle of set-up ends with 130 and leaves nothing", () => {
	test.concurrent.each([["SIGINT"], ["SIGTERM"]] as const)(
		"%s",
		async (signal) => {
			const { run, id } = await startRun(signal);
			run.kill(signal);
			const { exitCode } = await run;
			expect(exitCode).toBe(130);
			expect(await countOf(id)).toBe(0);
			expect(existsSync(tempDirOf(id))).toBe(false);
		},
	);
});

describe("a signal that npm does not pass on ends the run and leaves nothing", () => {
	test.concurrent.each([["SIGHUP"], ["SIGKILL"]] as const)(
		"%s",
		async (signal) => {
			const { run, id } = await startRun(signal);
			run.kill(signal);
			await run;
			await waitUntilGone(id);
			expect(await countOf(id)).toBe(0);
			expect(existsSync(tempDirOf(id))).toBe(false);
		},
	);
});

// Alone: each other command would remove what it leaves.
test("what a killed run leaves, the next command removes", async () => {
	const { run, id } = await startRun("killed");
	const { stdout: pids } = await execa("pgrep", ["-f", `report=${dir}/killed`]);
	for (const pid of pids.split("\n")) process.kill(Number(pid), "SIGKILL");
	await run;
	expect(await countOf(id)).toBeGreaterThan(0);
	const next = [projectPath("scripts/images.ts"), images];
	const { stdout } = await execa(process.execPath, next);
	expect(stdout).toMatch(new RegExp(`removed what dead runs left: .*${id}`));
	expect(await countOf(id)).toBe(0);
	expect(existsSync(tempDirOf(id))).toBe(false);
});
