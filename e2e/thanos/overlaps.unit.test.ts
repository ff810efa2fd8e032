import { expect, test } from "vitest";
import { type BlockMeta, blockMeta } from "../clients/block-meta.ts";
import { findOverlaps } from "./overlaps.ts";

const make = (
	ulid: string,
	[minTime, maxTime]: [number, number],
	labels: Record<string, string>,
	hints: string[] = [],
): BlockMeta =>
	blockMeta.parse({
		ulid,
		minTime,
		maxTime,
		compaction: { level: 1, hints },
		thanos: { labels, source: "sidecar" },
	});

const homelab = { cluster: "homelab" };

test("two replicas that upload under the same labels are found", () => {
	expect(
		findOverlaps([
			make("A", [0, 45_000], { ...homelab, site: "attic" }),
			make("B", [45_000, 90_000], homelab),
			make("C", [60_000, 90_000], homelab),
		]),
	).toEqual([
		expect.stringMatching(
			/^blocks B and C both have samples from 1970-01-01T00:01:00.000Z on and the external labels {"cluster":"homelab"}: /,
		),
	]);
});

test("replicas with a label of their own, and blocks that follow each other, are fine", () => {
	expect(
		findOverlaps([
			make("A", [0, 45_000], { ...homelab, prometheus_replica: "a" }),
			make("B", [0, 45_000], { ...homelab, prometheus_replica: "b" }),
			make("C", [45_000, 90_000], { ...homelab, prometheus_replica: "a" }),
		]),
	).toEqual([]);
});

test("a block of samples that came out of order has another way out", () => {
	expect(
		findOverlaps([
			make("A", [0, 45_000], homelab),
			make("B", [0, 45_000], homelab, ["from-out-of-order"]),
		]),
	).toEqual([expect.stringMatching(/--compact.enable-vertical-compaction$/)]);
});
