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

test("Alertmanagers have to know each other", async () => {
	const say = (...known: readonly number[]) =>
		whyToldTwice({
			each: async () =>
				known.map((count) => ({ countPeers: async () => count })),
		});
	expect(await say(2, 1)).toMatch(
		/^of 2 Alertmanagers .* one knows 1 of them, itself included/,
	);
	for (const healthy of [[1], [2, 2], [3, 3]])
		expect(await say(...healthy)).toBeUndefined();
});
