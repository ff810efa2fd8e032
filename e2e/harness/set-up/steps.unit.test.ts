import { expect, test, vi } from "vitest";
import { Progress } from "../../common/progress.ts";
import { Steps } from "./steps.ts";

vi.spyOn(console, "log").mockImplementation(() => undefined);

test("a step begins when the steps that it needs are done, and gets their results", async () => {
	const order: string[] = [];
	const note = <T>(name: string, result: T) => {
		order.push(name);
		return Promise.resolve(result);
	};
	const progress = new Progress();
	const steps = new Steps(progress, ["before"]);
	const one = steps.add("one", [], () => note("one", 1));
	const two = steps.add("two", [], () => note("two", "2"));
	const sum = steps.add("sum", [one, two], ([a, b]) => note("sum", `${a}${b}`));
	await steps.done();
	expect(await sum).toBe("12");
	expect(order).toEqual(["one", "two", "sum"]);
	expect(progress.phases.map(({ name }) => name)).toEqual(order);
	expect(progress.phases.map(({ after }) => after)).toEqual([
		["before"],
		["before"],
		["one", "two"],
	]);
});

test("the first failure is thrown, and a step that needs the failed one does not begin", async () => {
	const steps = new Steps(new Progress());
	const broken = steps.add("broken", [], () =>
		Promise.reject(new Error("no disk")),
	);
	let began = false;
	steps.add("next", [broken], async () => {
		began = true;
	});
	await expect(steps.done()).rejects.toThrow("no disk");
	expect(began).toBe(false);
});

test("the parts of a step are phases, and what needs the step waits for all of them", async () => {
	const progress = new Progress();
	const steps = new Steps(progress);
	const parts = steps.addParts("parts", [], (_, part) =>
		Promise.all(["a", "b"].map((name) => part(name, async () => name))),
	);
	steps.add("next", [parts], async () => undefined);
	await steps.done();
	expect(await parts).toEqual(["a", "b"]);
	expect(progress.phases.map(({ name, after }) => [name, after])).toEqual([
		["a", []],
		["b", []],
		["next", ["a", "b"]],
	]);
});
