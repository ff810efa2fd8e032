import { defineConfig } from "vitest/config";
import { claimTags } from "./e2e/common/claim-tags.ts";
import { patience } from "./e2e/common/patience.ts";
import { TestOrder } from "./e2e/harness/claims/sequencer.ts";

const minutes = 60_000 * patience();

/** At its end, Node waits for V8's threads, which may compile for ever: see e2e/common/command.ts. */
const execArgv = ["--no-concurrent-sparkplug", "--no-maglev"];

/** Each wait of a claim has a budget of its own; this ends a test that hangs outside of them. */
const claims = {
	pool: "threads",
	isolate: true,
	// Far more than cores: claims mostly wait.
	maxWorkers: 12,
	// Of one file: with five at a time, those that wait for two scrapes begin when others have waited for one.
	maxConcurrency: 20,
	testTimeout: 30 * minutes,
	// Clean-ups wait for rollouts, and after a failure evidence is collected.
	hookTimeout: 10 * minutes,
	// The difference is the failure's message; by default all but 40 characters are cut off.
	chaiConfig: { truncateThreshold: 500 },
} as const;

export default defineConfig({
	test: {
		maxWorkers: 5,
		unstubEnvs: true,
		tags: claimTags,
		sequence: { sequencer: TestOrder },
		projects: [
			{
				test: {
					name: "unit",
					execArgv,
					include: ["{e2e,fixtures,scripts,stack}/**/*.unit.test.ts"],
					// Loading modules anew for each of three hundred files took two thirds of the time.
					isolate: false,
					setupFiles: "e2e/harness/run/between-unit-tests.ts",
					// Some start a process, beside five others on two cores.
					testTimeout: 0.5 * minutes,
					hookTimeout: 0.5 * minutes,
					// Of one file: those that say `concurrent` start processes, and have a time limit each.
					maxConcurrency: 2,
				},
			},
			{
				// Real Docker, no cluster.
				test: {
					name: "integration",
					execArgv,
					include: ["{e2e,scripts}/**/*.integration.test.ts"],
					setupFiles: "e2e/harness/run/own-folders.ts",
					// Some start many processes at once, beside others that do.
					testTimeout: 4 * minutes,
					hookTimeout: 4 * minutes,
				},
			},
			{
				// Side by side, except those that would disturb each other: see harness/claims/free.ts.
				test: { ...claims, name: "claims", include: ["e2e/*.test.ts"] },
			},
			{
				// Faults break what all of them need: one after the other.
				test: {
					...claims,
					name: "faults",
					include: ["e2e/faults/*.test.ts"],
					maxWorkers: 1,
				},
			},
		],
	},
});
