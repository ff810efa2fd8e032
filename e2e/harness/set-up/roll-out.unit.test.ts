import { expect, test } from "vitest";
import { type BegunRollout, whenRolledOut, withoutParts } from "./roll-out.ts";

const never = new Promise<never>(() => undefined);
const refusal = { kind: "Alertmanager", says: "no" } as const;
const rollouts: BegunRollout[] = [
	{ name: "operator", done: Promise.resolve([]) },
	{ name: "Alertmanager", done: Promise.resolve([refusal]) },
	{ name: "Prometheus", part: "prometheus", done: never },
];

test("a claim that ignores what is broken does not wait for it, and gets what is refused of the rest", async () => {
	const needed = withoutParts(rollouts, ["prometheus", "grafana"]);
	expect(needed.map(({ name }) => name)).toEqual(["operator", "Alertmanager"]);
	expect(await whenRolledOut(needed)).toEqual([refusal]);
});

test("any other claim waits for all", () => {
	expect(withoutParts(rollouts, ["grafana"])).toEqual(rollouts);
});

test("a person reads what is refused as soon as all is rolled out", async () => {
	const said: string[] = [];
	const needed = withoutParts(rollouts, ["prometheus"]);
	await whenRolledOut(needed, (line) => said.push(line));
	expect(said).toEqual(["warning: no"]);
});
