import { describe, expect, test } from "vitest";
import {
	disturbEachOther,
	findDisturbed,
	runWhenFree,
	whenReady,
} from "./free.ts";

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

describe("disturbEachOther", () => {
	const grafana = { disrupts: ["grafana"], ignores: [] } as const;
	const secrets = { disrupts: ["secrets"], ignores: ["grafana"] } as const;

	test("two claims that break the same part do", () => {
		expect(disturbEachOther(grafana, { ...grafana })).toBe(true);
	});

	test("it is enough if one of them does not ignore what the other one breaks", () => {
		expect(disturbEachOther(grafana, secrets)).toBe(true);
		expect(disturbEachOther(secrets, grafana)).toBe(true);
	});

	test("two that ignore each other's part do not", () => {
		const other = { ...grafana, ignores: ["secrets"] } as const;
		expect(disturbEachOther(other, secrets)).toBe(false);
	});

	test("neither do two that break nothing", () => {
		const steady = { disrupts: [], ignores: [] };
		expect(disturbEachOther(steady, steady)).toBe(false);
	});
});

describe("whenReady", () => {
	const ignores = ["grafana"] as const;

	test("a claim that breaks nothing begins while set-up is under way, when all is there but what it ignores", async () => {
		const asked: (readonly string[])[] = [];
		await whenReady(
			{ disrupts: [], ignores },
			async (ignored) => asked.push(ignored),
			new Promise(() => undefined),
		);
		expect(asked).toEqual([ignores]);
	});

	test("a disruptive one begins when set-up is over", async () => {
		const testing = Promise.withResolvers<void>();
		let isReady = false;
		const ready = whenReady(
			{ disrupts: ["prometheus"], ignores },
			async () => undefined,
			testing.promise,
		).then(() => {
			isReady = true;
		});
		await new Promise((resolve) => setTimeout(resolve, 5));
		expect(isReady).toBe(false);
		testing.resolve();
		await ready;
	});
});

describe("runWhenFree", () => {
	/**
	 * Things that run until the test ends them.
	 *
	 * @param waits what each waits for
	 * @param exclusive which are never at work at the same time
	 */
	function arrange(
		waits: Readonly<Record<string, readonly string[]>>,
		exclusive: readonly string[] = [],
	) {
		const ends = new Map<string, PromiseWithResolvers<void>>();
		const waited = new Map<string, readonly string[]>();
		const all = runWhenFree(Object.keys(waits), {
			waitsFor: (name) => waits[name] ?? [],
			excludes: (a, b) => exclusive.includes(a) && exclusive.includes(b),
			run: (name, waitedFor) => {
				const end = Promise.withResolvers<void>();
				ends.set(name, end);
				waited.set(name, waitedFor);
				return end.promise.finally(() => ends.delete(name));
			},
		});
		const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
		return {
			all,
			waited,
			running: async () => {
				await turn();
				return [...ends.keys()];
			},
			end: (name: string) => ends.get(name)?.resolve(),
		};
	}

	test("each begins when what it waits for has ended, whatever else is under way", async () => {
		const { all, running, end } = arrange({
			last: ["b", "c"],
			b: [],
			c: [],
			soon: ["b"],
		});
		expect(await running()).toEqual(["b", "c"]);
		end("b");
		expect(await running()).toEqual(["c", "soon"]);
		end("c");
		expect(await running()).toEqual(["soon", "last"]);
		end("soon");
		end("last");
		await all;
	});

	test("those that exclude each other run one after the other, beside all others", async () => {
		const { all, running, end, waited } = arrange(
			{ a: [], b: [], c: ["b"], d: [] },
			["a", "c", "d"],
		);
		expect(await running()).toEqual(["a", "b"]);
		end("a");
		expect(await running()).toEqual(["b", "d"]);
		end("b");
		expect(await running()).toEqual(["d"]);
		end("d");
		expect(await running()).toEqual(["c"]);
		end("c");
		await all;
		expect(Object.fromEntries(waited)).toEqual({
			a: [],
			b: [],
			c: ["b", "d"],
			d: ["a"],
		});
	});

	test("one that excludes others does not hold them up while it waits itself", async () => {
		const { all, running, end } = arrange({ late: ["a"], a: [], b: [] }, [
			"late",
			"b",
		]);
		expect(await running()).toEqual(["a", "b"]);
		end("a");
		expect(await running()).toEqual(["b"]);
		end("b");
		expect(await running()).toEqual(["late"]);
		end("late");
		await all;
	});

	test("what is not there yet is waited for, by those alone that need it", async () => {
		const there = Promise.withResolvers<void>();
		const ran: string[] = [];
		const all = runWhenFree(["early", "late", "after"], {
			readyFor: (name) => (name === "late" ? there.promise : Promise.resolve()),
			waitsFor: (name) => (name === "after" ? ["late"] : []),
			excludes: () => false,
			run: async (name) => ran.push(name),
		});
		await new Promise((resolve) => setTimeout(resolve, 5));
		expect(ran).toEqual(["early"]);
		there.resolve();
		await all;
		expect(ran).toEqual(["early", "late", "after"]);
	});

	test("fails if it does not come", async () => {
		const failing = runWhenFree(["a"], {
			readyFor: () => Promise.reject(new Error("no node")),
			waitsFor: () => [],
			excludes: () => false,
			run: async () => undefined,
		});
		await expect(failing).rejects.toThrow("no node");
	});

	test("ends at once with nothing to run", async () => {
		await arrange({}).all;
	});

	test("fails as a run does", async () => {
		const failing = runWhenFree(["a", "b"], {
			waitsFor: () => [],
			excludes: () => true,
			run: async () => {
				throw new Error("no worker");
			},
		});
		await expect(failing).rejects.toThrow("no worker");
	});
});
