import { describe, expect, test } from "vitest";
import { findDisturbed, runWhenFree } from "./free.ts";

describe("findDisturbed", () => {
	const alerts = { id: "alerts", ignores: [] };
	const blocks = { id: "blocks", ignores: ["secrets"] } as const;

	test("leaves out what ignores all that is broken", () => {
		expect(findDisturbed({ disrupts: ["secrets"] }, [alerts, blocks])).toEqual([
			alerts,
		]);
	});

	test("has what ignores only a part of it", () => {
		expect(
			findDisturbed({ disrupts: ["secrets", "grafana"] }, [alerts, blocks]),
		).toEqual([alerts, blocks]);
	});
});

describe("runWhenFree", () => {
	/** Things that get free when the test says so, and the runs of them, each of which ends when the test says so. */
	function arrange(names: readonly string[]) {
		const waits = new Map(
			names.map((name) => [name, Promise.withResolvers<void>()]),
		);
		const runs: { names: readonly string[]; end: () => void }[] = [];
		const all = runWhenFree(
			names,
			async (name) => waits.get(name)?.promise,
			(free) => {
				const { promise, resolve } = Promise.withResolvers<void>();
				runs.push({ names: free, end: resolve });
				return promise;
			},
		);
		const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
		return {
			all,
			runs,
			free: async (...some: string[]) => {
				for (const name of some) waits.get(name)?.resolve();
				await turn();
			},
			end: async (index: number) => {
				runs[index]?.end();
				await turn();
			},
		};
	}

	test("runs together what gets free together, and the next when that run is over", async () => {
		const { all, runs, free, end } = arrange(["a", "b", "c", "d"]);
		const seen = () => runs.map(({ names }) => names);
		await free("b", "c");
		expect(seen()).toEqual([["b", "c"]]);
		await free("a");
		expect(seen()).toEqual([["b", "c"]]);
		await end(0);
		expect(seen()).toEqual([["b", "c"], ["a"]]);
		await end(1);
		await free("d");
		await end(2);
		await all;
		expect(seen()).toEqual([["b", "c"], ["a"], ["d"]]);
	});

	test("ends at once with nothing to run", async () => {
		const { all, runs } = arrange([]);
		await all;
		expect(runs).toEqual([]);
	});

	test("fails as a run does", async () => {
		const failing = runWhenFree(
			["a", "b"],
			async () => undefined,
			async () => {
				throw new Error("no worker");
			},
		);
		await expect(failing).rejects.toThrow("no worker");
	});
});
