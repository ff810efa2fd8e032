import { defineConfig } from "vitest/config";

const claims = {
	pool: "threads",
	isolate: true,
	// Far more than cores: claims mostly wait.
	maxWorkers: 12,
	// Clean-ups wait for rollouts, and after a failure evidence is collected.
	hookTimeout: 300_000,
	// What differs is the failure's message; by default all but 40 characters are cut off.
	chaiConfig: { truncateThreshold: 500 },
} as const;

/** Claims that break something for a while: they come after all others, side by side. */
const disruptive = [
	"e2e/grafana-persistence.test.ts",
	"e2e/placement.test.ts",
	"e2e/secrets-rotate.test.ts",
	"e2e/wal-replay.test.ts",
];

export default defineConfig({
	test: {
		maxWorkers: 5,
		projects: [
			{
				test: {
					name: "unit",
					include: ["{e2e,fixtures,scripts,stack}/**/*.unit.test.ts"],
					// Some start a process, beside five others on two cores.
					testTimeout: 30_000,
				},
			},
			{
				// Real Docker, no cluster.
				test: {
					name: "integration",
					include: ["{e2e,scripts}/**/*.integration.test.ts"],
					setupFiles: "e2e/harness/run/own-folders.ts",
					testTimeout: 120_000,
					hookTimeout: 120_000,
				},
			},
			{
				// Claims that leave the stack in peace run side by side; `npm run e2e` provides their environment.
				test: {
					...claims,
					name: "steady",
					include: ["e2e/*.test.ts"],
					exclude: [...disruptive, "e2e/*.unit.test.ts"],
					sequence: { groupOrder: 1 },
				},
			},
			{
				test: {
					...claims,
					name: "disruptive",
					include: disruptive,
					sequence: { groupOrder: 2 },
				},
			},
			{
				// Faults break what all of them stand on: one after the other.
				test: {
					...claims,
					name: "faults",
					include: ["e2e/faults/*.test.ts"],
					exclude: ["e2e/faults/*.unit.test.ts"],
					maxWorkers: 1,
					sequence: { groupOrder: 3 },
				},
			},
		],
	},
});
