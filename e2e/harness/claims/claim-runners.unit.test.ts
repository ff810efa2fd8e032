import { expect, test } from "vitest";
import type { Claim } from "./catalogue.ts";
import { ClaimRunners } from "./claim-runners.ts";

const makeClaim = (id: string): Claim => ({
	id,
	file: `${id}.test.ts`,
	title: id,
	disrupts: [],
	ignores: [],
	needs: [],
	upgrade: false,
});

/** Runners whose runs end when the test says so. */
function arrange() {
	const runs: { ids: string[]; runner: number; end: () => void }[] = [];
	let opened = 0;
	let closed = 0;
	const runners = new ClaimRunners<string>(async () => {
		const runner = ++opened;
		const endAll = () => {
			for (const each of runs) if (each.runner === runner) each.end();
		};
		return {
			readClaims: async () => [makeClaim("read")],
			run: (claims, environment) => {
				const { promise, resolve } = Promise.withResolvers<void>();
				const ids = claims.map(({ id }) => `${id} ${environment}`);
				runs.push({ ids, runner, end: resolve });
				return promise;
			},
			abort: async () => endAll(),
			stop: async () => endAll(),
			[Symbol.asyncDispose]: async () => {
				closed++;
			},
		};
	});
	const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
	return {
		runners,
		seen: async () => {
			await turn();
			return runs.map(({ ids, runner }) => `${runner}: ${ids.join(" ")}`);
		},
		end: (index: number) => runs[index]?.end(),
		closed: () => closed,
	};
}

test("what is free at the same time runs together, what is free later beside it", async () => {
	const { runners, seen, end, closed } = arrange();
	const first = ["a", "b"].map((id) => runners.run(makeClaim(id), "here"));
	expect(await seen()).toEqual(["1: a here b here"]);
	const later = runners.run(makeClaim("c"), "here");
	expect(await seen()).toEqual(["1: a here b here", "2: c here"]);
	end(1);
	await later;
	end(0);
	await Promise.all([...first, runners.done()]);
	await runners[Symbol.asyncDispose]();
	expect(closed()).toBe(2);
});

test("what is free in other environments runs by itself, also at the same time", async () => {
	const { runners, seen, end } = arrange();
	runners.run(makeClaim("a"), "early");
	runners.run(makeClaim("b"), "late");
	runners.run(makeClaim("c"), "late");
	expect(await seen()).toEqual(["1: a early", "2: b late c late"]);
	end(0);
	end(1);
	await runners.done();
});

test("a runner that has nothing to do is used again, also the one that has read the claims", async () => {
	const { runners, seen, end } = arrange();
	expect(await runners.readClaims()).toEqual([makeClaim("read")]);
	const first = runners.run(makeClaim("a"), "here");
	expect(await seen()).toEqual(["1: a here"]);
	end(0);
	await first;
	runners.run(makeClaim("b"), "here");
	expect(await seen()).toEqual(["1: a here", "1: b here"]);
	end(1);
	await runners.done();
});

test("fails as the runner does", async () => {
	const runners = new ClaimRunners<string>(() =>
		Promise.reject(new Error("no disk")),
	);
	await expect(runners.run(makeClaim("a"), "here")).rejects.toThrow("no disk");
	await expect(runners.done()).rejects.toThrow("no disk");
});

test("when they are stopped, runs that are under way end, and no other one begins", async () => {
	const { runners, seen } = arrange();
	const underWay = runners.run(makeClaim("a"), "here");
	expect(await seen()).toEqual(["1: a here"]);
	const next = runners.run(makeClaim("b"), "here");
	const done = Promise.allSettled([underWay, next, runners.done()]);
	await runners.stop();
	await expect(runners.run(makeClaim("c"), "here")).rejects.toThrow("stopped");
	expect((await done).map(({ status }) => status)).toEqual(
		Array(3).fill("rejected"),
	);
	expect(await seen()).toEqual(["1: a here"]);
});

test("when they are closed, tests that are under way are aborted, and no other one begins", async () => {
	const { runners, seen, closed } = arrange();
	const next = runners
		.run(makeClaim("a"), "here")
		.catch(() => runners.run(makeClaim("b"), "here"));
	const stopped = expect(next).rejects.toThrow("stopped");
	await seen();
	await runners[Symbol.asyncDispose]();
	await stopped;
	expect(await seen()).toEqual(["1: a here"]);
	expect(closed()).toBe(1);
});
