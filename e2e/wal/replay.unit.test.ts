import { expect, test } from "vitest";
import { describeReplay, findCorruptions } from "./replay.ts";

function makeCounter(name: string, value: number) {
	return { name, labels: {}, value };
}

const log = 'msg="WAL segment loaded" segment=1\nmsg="WAL replay completed"';
const replayed = [
	makeCounter("prometheus_tsdb_data_replay_duration_seconds", 0.2),
];

test("a replay shows in the log and in the metric", () => {
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
