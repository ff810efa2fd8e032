import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { cacheDir } from "../../common/paths.ts";
import { forgetAllBut } from "./kept.ts";
import { beginRun, ownerKey } from "./run.ts";

const cache = await mkdtemp(join(tmpdir(), "kept-"));
let folder = "";
beforeEach(() => {
	vi.stubEnv("O11Y_E2E_CACHE", cache);
	folder = cacheDir("kept", ownerKey);
});
afterAll(() => rm(cache, { recursive: true, force: true }));

async function write(runId: string, engine: string): Promise<void> {
	await writeFile(
		join(folder, `${runId}.json`),
		JSON.stringify({ runId, engine }),
	);
	await writeFile(join(folder, `${runId}.kubeconfig`), "");
}

test("what is known of kept clusters on another engine is not forgotten", async () => {
	await write("gone", "engine-a");
	await write("here", "engine-a");
	await write("elsewhere", "engine-b");
	await forgetAllBut(new Set(["here"]), "engine-a");
	expect((await readdir(folder)).sort()).toEqual([
		"elsewhere.json",
		"elsewhere.kubeconfig",
		"here.json",
		"here.kubeconfig",
	]);
});

test("what a run that is alive is about to keep is not forgotten", async () => {
	const run = await beginRun();
	await write(run.id, "engine-a");
	await forgetAllBut(new Set(), "engine-a");
	await run.end();
	expect(await readdir(folder)).toContain(`${run.id}.json`);
});
