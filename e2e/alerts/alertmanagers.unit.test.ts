import { expect, test } from "vitest";
import { pod } from "../clients/kube-objects.ts";
import {
	findUnknownAlertmanagers,
	readAlertRetention,
	whyToldTwice,
} from "./alertmanagers.ts";

const make = (index: number, args: string[] = []) =>
	pod.parse({
		apiVersion: "v1",
		kind: "Pod",
		metadata: {
			name: `alertmanager-${index}`,
			namespace: "monitoring",
			uid: `${index}`,
		},
		spec: { containers: [{ name: "alertmanager", args }] },
		status: { podIP: `10.42.0.${index}` },
	});
const addressOf = (index: number) =>
	`http://10.42.0.${index}:9093/api/v2/alerts`;
const both = [make(1), make(2)];

test("each Prometheus has to send its alerts to each Alertmanager", () => {
	const all = [addressOf(1), addressOf(2)];
	expect(findUnknownAlertmanagers(both, [all, all])).toEqual([]);
	expect(findUnknownAlertmanagers(both, [all, [addressOf(1)]])).toEqual([
		`alerts from Prometheus rules are to land in alertmanager-2, but Prometheus only sends them to ${addressOf(1)}`,
	]);
	expect(findUnknownAlertmanagers([make(1)], [[]])).toEqual([
		"alerts from Prometheus rules are to land in alertmanager-1, but Prometheus has found no Alertmanager",
	]);
});

test("no Alertmanager, and no Prometheus that would send alerts, are found", () => {
	expect(findUnknownAlertmanagers([], [[addressOf(1)]])).toHaveLength(1);
	expect(findUnknownAlertmanagers(both, [])).toHaveLength(1);
});

test("the replica that forgets first counts", () => {
	const hour = 3_600_000;
	expect(readAlertRetention(both)).toBe(120 * hour);
	expect(readAlertRetention([make(1, ["--data.retention=2h"]), make(2)])).toBe(
		2 * hour,
	);
});

test("Alertmanagers have to know and reach each other", async () => {
	const say = (...known: readonly (readonly string[])[]) =>
		whyToldTwice({
			each: async () => known.map((peers) => ({ peers: async () => peers })),
		});
	const [a, b, c] = ["10.42.0.7:9094", "10.42.1.7:9094", "10.42.2.7:9094"];
	expect(await say([a, b], [b])).toMatch(
		/^of 2 Alertmanagers .* one knows 1 of them, itself included/,
	);
	expect(await say([], [])).toMatch(/one knows 1 of them/);
	expect(await say([a, b], [a, a])).toMatch(
		/^of 2 Alertmanagers .* several say that they are at 10\.42\.0\.7:9094/,
	);
	for (const healthy of [
		[[]],
		[[a]],
		[
			[a, b],
			[b, a],
		],
		[
			[a, b, c],
			[c, a, b],
			[b, c, a],
		],
	])
		expect(await say(...healthy)).toBeUndefined();
});
