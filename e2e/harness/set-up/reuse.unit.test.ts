import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import {
	kubeconfigFor,
	playApiServer,
} from "../../clients/api-server/played-api-server.ts";
import { cacheDir } from "../../common/paths.ts";
import { Progress } from "../../common/progress.ts";
import { beginRun, ownerKey } from "../run/run.ts";
import { reuseKept } from "./reuse.ts";

const cache = await mkdtemp(join(tmpdir(), "reuse-"));
beforeEach(() => {
	vi.stubEnv("O11Y_E2E_CACHE", cache);
});
afterAll(() => rm(cache, { recursive: true, force: true }));

test("a kept cluster in which something was refused is not used again, and stays free", async () => {
	const wanted = { inputs: "i", engine: "e" };
	const folder = cacheDir("kept", ownerKey);
	const refused = [{ kind: "Prometheus", says: "could not load" }];
	await writeFile(
		join(folder, "old.json"),
		JSON.stringify({ ...wanted, runId: "old", environment: { refused } }),
	);
	const progress = new Progress();
	const say = vi.spyOn(progress, "say").mockReturnValue(undefined);
	const run = await beginRun();
	expect(await reuseKept(wanted, cache, run, progress)).toBeUndefined();
	await run.end();
	expect(say).toHaveBeenCalledWith(
		expect.stringMatching(/^kept cluster old has something that was refused: /),
	);
	expect(await readdir(folder)).toEqual(["old.json"]);
});

test.each([
	["answers", [200], true],
	["is ready a moment later", [500, 200], true],
	["is not there", [], false],
])("a kept cluster whose API server %s", async (_, readyz, isUsed) => {
	const kubeconfig =
		readyz.length > 0
			? await playApiServer(({ url }, answer) => {
					const status = url === "/readyz" ? readyz.shift() : 404;
					answer.writeHead(status ?? 404).end();
				})
			: kubeconfigFor(1);
	const environment = { kubeconfig, secrets: [] };
	const wanted = { inputs: kubeconfig, engine: "e" };
	await writeFile(
		join(cacheDir("kept", ownerKey), "kept.json"),
		JSON.stringify({ ...wanted, runId: "kept", environment }),
	);
	const progress = new Progress();
	const say = vi.spyOn(progress, "say").mockReturnValue(undefined);
	const run = await beginRun();
	const reused = await reuseKept(wanted, cache, run, progress);
	await reused?.release();
	await run.end();
	expect(reused !== undefined).toBe(isUsed);
	expect(say).toHaveBeenCalledWith(
		expect.stringMatching(
			isUsed
				? /^using the kept cluster kept /
				: /^kept cluster kept cannot be used \(.*ECONNREFUSED/,
		),
	);
});
