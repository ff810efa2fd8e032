import { expect, test } from "vitest";
import { describeReplay, findCorruptions } from "./replay.ts";

function makeCounter(name: string, value: number) {
	return { name, labels: {}, value };
}

const replayed = [
	makeCounter("prometheus_tsdb_data_replay_duration_seconds", 0.2),
];

test("a replay shows in the metric", () => {
	expect(describeReplay(replayed)).toBe("replayed");
	expect(describeReplay([])).toMatch("no time");
	expect(
		describeReplay([
			makeCounter("prometheus_tsdb_data_replay_duration_seconds", 0),
		]),
	).toMatch("no time");
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
