import { rm } from "node:fs/promises";
import { partition } from "es-toolkit";
import { JsonReporter, type TestSpecification, type Vitest } from "vitest/node";
import { defineCommand } from "../e2e/common/command.ts";
import { BadInputError, exitCodes } from "../e2e/common/errors.ts";
import { onInterrupt } from "../e2e/common/interruption.ts";
import { projectPath, projectRoot } from "../e2e/common/paths.ts";
import { Progress } from "../e2e/common/progress.ts";
import { createQuietVitest } from "../e2e/harness/claims/quiet-vitest.ts";
import { withRun } from "../e2e/harness/run/with-run.ts";
import { gatherImages } from "../e2e/harness/set-up/gather-images.ts";
import { readSetUpOptions } from "../e2e/harness/set-up/options.ts";

/** Of one vitest that runs tests. */
type Outcome = Awaited<ReturnType<Vitest["runTestSpecifications"]>>;

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
		const file = projectPath("test-report", "results.json");
		// A run that ends early has none.
		await rm(file, { force: true });
		const vitest = await open(["unit", "integration"]);
		const report = new JsonReporter({ outputFile: file });
		report.onInit(vitest);
		const found = await vitest.getRelevantTestSpecifications([...filters]);
		if (found.length === 0) {
			await vitest.close();
			throw new BadInputError(
				`no test file's path contains ${filters.join(" or ")}`,
			);
		}
		const outcomes = await runAll(vitest, found);
		const testModules = outcomes.flatMap((each) => each.testModules);
		await report.onTestRunEnd(testModules);
		const passed =
			testModules.length > 0 &&
			outcomes.every((each) => each.unhandledErrors.length === 0) &&
			testModules.every((module) => module.ok());
		return passed ? exitCodes.proven : exitCodes.refuted;
	},
});

/**
 * Runs unit tests at once, and integration tests as soon as their images are there.
 *
 * @throws SetUpError if the images cannot be had, when the unit tests have run
 * @throws InterruptedError when what this process has made is removed
 */
async function runAll(
	vitest: Vitest,
	specifications: TestSpecification[],
): Promise<Outcome[]> {
	const [unit, integration] = partition(
		specifications,
		({ project }) => project.name === "unit",
	);
	const interrupted = onInterrupt();
	const gathering = integration.length > 0 ? gatherAllImages() : undefined;
	const runs = gathering
		? [
				runApart("unit", unit, { maxWorkers: unitWorkers }),
				gathering.then((imageSource) =>
					runApart("integration", integration, { imageSource }),
				),
			]
		: [runTests(vitest, unit)];
	try {
		// Not the first failure: the others would go on behind it.
		const settled = Promise.allSettled(runs);
		await Promise.race([settled, interrupted]);
	} finally {
		await gathering?.catch(() => undefined);
	}
	await vitest.close();
	const outcomes = await Promise.all(runs);
	return outcomes.filter((each) => each !== undefined);
}

/** Beside five that run integration tests, on two cores. Alone, as many as vitest.config.ts says. */
const unitWorkers = 3;

interface ApartOptions {
	readonly maxWorkers?: number;
	/** As in --images. */
	readonly imageSource?: string;
}

function open(
	project: string[],
	{ maxWorkers }: Pick<ApartOptions, "maxWorkers"> = {},
): Promise<Vitest> {
	return createQuietVitest({
		root: projectRoot,
		watch: false,
		run: true,
		project,
		...(maxWorkers ? { maxWorkers } : {}),
		// Two live summaries would overwrite each other.
		reporters: [["default", { summary: false }]],
	});
}

async function runTests(
	vitest: Vitest,
	specifications: TestSpecification[],
): Promise<Outcome | undefined> {
	if (specifications.length === 0) return undefined;
	// This starts the reporters; no test runs yet.
	await vitest.standalone();
	return vitest.runTestSpecifications(specifications, true);
}

/** A vitest has one run at a time, so each project that runs beside another has its own. */
async function runApart(
	project: string,
	specifications: readonly TestSpecification[],
	options: ApartOptions,
): Promise<Outcome | undefined> {
	if (specifications.length === 0) return undefined;
	const vitest = await open([project], options);
	const { imageSource } = options;
	if (imageSource) vitest.provide("imageSource", imageSource);
	const files = new Set(specifications.map(({ moduleId }) => moduleId));
	const all = await vitest.getRelevantTestSpecifications();
	const outcome = await runTests(
		vitest,
		all.filter(({ moduleId }) => files.has(moduleId)),
	);
	await vitest.close();
	return outcome;
}

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
