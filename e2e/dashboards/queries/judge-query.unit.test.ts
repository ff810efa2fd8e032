import { expect, test } from "vitest";
import { lookAt } from "./dashboard-queries.ts";
import type { QueriedStack } from "./judge-query.ts";
import { makeStack } from "./made-stack.ts";
import { readDashboard } from "./model.ts";
import { sumUp } from "./wait-until-drawn.ts";

async function judge(target: object, stack: QueriedStack): Promise<string> {
	const panels = [{ title: "P", targets: [target] }];
	const dashboard = readDashboard({ title: "T", panels });
	return sumUp((await lookAt(dashboard, false, stack)).flaws);
}

test("a least step of its own is the cause of a narrow range", async () => {
	const target = { expr: "rate(x[$__rate_interval])", interval: "15s" };
	expect(await judge(target, makeStack({}))).toContain(
		"$__rate_interval is made of the least step of the query itself (interval), which is 15s",
	);
});

test("a query with points far apart is right if it has a result now", async () => {
	const ask = (step: string, now: object) =>
		judge(
			{ expr: "x" },
			makeStack({ x: { executed: `Expr: y\n${step}` }, y: now }),
		);
	expect(await ask("Step: 20m0s", { rows: 1 })).toBe("");
	for (const [step, now] of [
		["Step: 20m0s", {}],
		["Step: 1m0s", { rows: 1 }],
	] as const)
		expect(await ask(step, now)).toContain("y draws nothing");
});
