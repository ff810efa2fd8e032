import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { projectRoot } from "../../common/paths.ts";
import { abortRun, createQuietVitest, endRun } from "./quiet-vitest.ts";

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

/** A run of a test that hangs. @param cleanUp what it does afterwards. */
async function beginHanging(root: string, cleanUp: string) {
	const file = join(root, "hanging.test.ts");
	await writeFile(
		file,
		`const hang = () => new Promise((done) => setTimeout(done, 3_600_000));
		afterEach(() => { ${cleanUp} }, 3_600_000);
		test("hangs", () => { console.log("began"); return hang(); }, 3_600_000);`,
	);
	const began = Promise.withResolvers<void>();
	const said: string[] = [];
	const vitest = await createQuietVitest({
		root,
		config: false,
		globals: true,
		watch: false,
		pool: "threads",
		reporters: [
			{
				onUserConsoleLog: ({ content }) => {
					said.push(content.trim());
					began.resolve();
				},
			},
		],
	});
	await vitest.standalone();
	const run = vitest.runTestSpecifications(
		vitest.projects.map((each) => each.createSpecification(file)),
	);
	await began.promise;
	return {
		vitest,
		said,
		end: async () => {
			await run;
			await vitest.close();
			// vitest has set it.
			process.exitCode = 0;
		},
	};
}

test("a run is ended whatever its tests and their clean-ups wait for", async () => {
	await using dir = await mkdtempDisposable(join(tmpdir(), "o11y-e2e-"));
	const { vitest, end } = await beginHanging(dir.path, "return hang();");
	await endRun(vitest);
	await end();
});

test("a run is aborted whatever its tests wait for, after their clean-ups", async () => {
	await using dir = await mkdtempDisposable(join(tmpdir(), "o11y-e2e-"));
	const { vitest, said, end } = await beginHanging(
		dir.path,
		'return new Promise((done) => setTimeout(() => { console.log("cleaned up"); done(); }, 100));',
	);
	await abortRun(vitest);
	await end();
	expect(said).toEqual(["began", "cleaned up"]);
});
