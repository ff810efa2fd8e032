import { createVitest } from "vitest/node";
import { defineCommand } from "../e2e/common/command.ts";
import { BadInputError, exitCodes } from "../e2e/common/errors.ts";
import { projectPath, projectRoot } from "../e2e/common/paths.ts";
import { Progress } from "../e2e/common/progress.ts";
import { withRun } from "../e2e/harness/run/with-run.ts";
import { gatherImages } from "../e2e/harness/set-up/gather-images.ts";
import { readSetUpOptions } from "../e2e/harness/set-up/options.ts";

export const testCommand = defineCommand({
	name: "test",
	description:
		"Runs the project's own tests: of its code, and against the real Docker engine. O11Y_E2E_PATIENCE multiplies their time limits.",
	exitCodes: { 0: "all passed", 1: "one failed", 2: "set-up failed" },
	options: {},
	arguments: {
		name: "[filter...]",
		description: "only test files whose path contains one of these",
	},
	run: async (_, filters) => {
		const vitest = await createVitest("test", {
			root: projectRoot,
			watch: false,
			run: true,
			project: ["unit", "integration"],
			reporters: ["default", "json"],
			outputFile: { json: projectPath("test-report", "results.json") },
		});
		try {
			const found = await vitest.getRelevantTestSpecifications([...filters]);
			if (found.length === 0)
				throw new BadInputError(
					`no test file's path contains ${filters.join(" or ")}`,
				);
			vitest.provide("imageSource", await gatherAllImages());
			const { testModules, unhandledErrors } = await vitest.start([...filters]);
			const passed =
				testModules.length > 0 &&
				unhandledErrors.length === 0 &&
				testModules.every((module) => module.ok());
			return passed ? exitCodes.proven : exitCodes.refuted;
		} finally {
			await vitest.close();
		}
	},
});

/** The tests find every image in place, however long that takes on a new machine. @returns the source that was chosen */
async function gatherAllImages(): Promise<string> {
	const progress = new Progress();
	const options = await readSetUpOptions({
		chart: "auto",
		images: "auto",
		values: [],
	});
	const { source } = await withRun(progress, (context) =>
		gatherImages(context, options, progress),
	);
	return source;
}

if (import.meta.main) await testCommand.main();
