import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { projectRoot } from "../../common/paths.ts";
import { createQuietVitest, endRun } from "./quiet-vitest.ts";

test("the harness still handles the process' signals and uncaught errors", async () => {
	const events = ["SIGINT", "SIGTERM", "exit", "unhandledRejection"] as const;
	const count = () => events.map((event) => process.listenerCount(event));
	const before = count();
	const creating = createQuietVitest({
		root: projectRoot,
		watch: false,
		reporters: [],
	});
	const ours = () => undefined;
	// While it is being created, as set-up does.
	await setImmediate();
	process.on("SIGINT", ours);
	const vitest = await creating;
	expect(process.listeners("SIGINT")).toContain(ours);
	process.off("SIGINT", ours);
	expect(count()).toEqual(before);
	await vitest.close();
});

test("a run is ended whatever its tests and their clean-ups wait for", async () => {
	await using dir = await mkdtempDisposable(join(tmpdir(), "o11y-e2e-"));
	const root = dir.path;
	const file = join(root, "hanging.test.ts");
	await writeFile(
		file,
		`const hang = () => new Promise((done) => setTimeout(done, 3_600_000));
		afterEach(hang, 3_600_000);
		test("hangs", () => { console.log("began"); return hang(); }, 3_600_000);`,
	);
	const began = Promise.withResolvers<void>();
	const vitest = await createQuietVitest({
		root,
		config: false,
		globals: true,
		watch: false,
		pool: "threads",
		reporters: [{ onUserConsoleLog: () => began.resolve() }],
	});
	await vitest.standalone();
	const specifications = vitest.projects.map((each) =>
		each.createSpecification(file),
	);
	const run = vitest.runTestSpecifications(specifications);
	await began.promise;
	await endRun(vitest);
	await run;
	await vitest.close();
	process.exitCode = 0;
});
