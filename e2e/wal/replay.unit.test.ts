import { expect, test } from "vitest";
import { findLostSamples } from "./crash.ts";
import { describeReplay, findCorruptions } from "./replay.ts";

function makeCounter(name: string, value: number) {
	return { name, labels: {}, value };
}

const log = 'msg="WAL segment loaded" segment=1\nmsg="WAL replay completed"';
const replayed = [
	makeCounter("prometheus_tsdb_data_replay_duration_seconds", 0.2),
];

test("a replay is told by the log and by the metric", () => {
	expect(describeReplay(log, replayed)).toBe("replayed");
	expect(describeReplay("", replayed)).toMatch("no WAL segment");
	expect(describeReplay("WAL segment loaded", replayed)).toMatch("completed");
	expect(describeReplay(log, [])).toMatch("no time");
});

test("each kind of corruption that is counted is named", () => {
	const clean = makeCounter("prometheus_tsdb_wal_corruptions_total", 0);
	const torn = makeCounter("prometheus_tsdb_mmap_chunk_corruptions_total", 2);
	expect(findCorruptions({ metrics: [clean], corruptionCount: 0 })).toEqual([]);
	expect(
		findCorruptions({ metrics: [clean, torn], corruptionCount: 1 }),
	).toEqual([
		"prometheus_tsdb_mmap_chunk_corruptions_total is 2",
		"the runtime information counts 1 corruptions",
	]);
	expect(findCorruptions({ metrics: [], corruptionCount: 0 })).not.toEqual([]);
});

test("a scraped series that lost a sample is named", () => {
	const metric = { job: "j", instance: "i" };
	const values = [1000, 2000].map((timestamp) => ({ timestamp, value: 1 }));
	const before = [{ metric, values }];
	const reordered = { instance: "i", job: "j" };
	expect(findLostSamples(before, [{ metric: reordered, values }])).toEqual([]);
	expect(
		findLostSamples(before, [{ metric, values: values.slice(0, 1) }]),
	).toEqual([
		"up of j i lost 1 of 2 samples, the last at 1970-01-01T00:00:02.000Z",
	]);
	expect(findLostSamples(before, [])).toHaveLength(1);
});
