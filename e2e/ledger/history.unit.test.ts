import { expect, test } from "vitest";
import { receiverIsOff } from "../clients/remote-write.ts";
import { HopelessError } from "../common/eventually.ts";
import { acknowledgedBefore, History } from "./history.ts";
import { makeHistory } from "./made-history.ts";

test("numbers and timestamps grow, even within a millisecond", () => {
	const history = new History();
	expect(history.next(7)).toEqual({ sequence: 1, timestamp: 7 });
	expect(history.next(7)).toEqual({ sequence: 2, timestamp: 8 });
	expect(history.next(3)).toEqual({ sequence: 3, timestamp: 9 });
});

test("a block's range includes its first millisecond and not its last", () => {
	const found = makeHistory("aaa").within({ minTime: 1000, maxTime: 3000 });
	expect(found.map(({ sequence }) => sequence)).toEqual([1, 2]);
});

test("the last failure is that of a write that has ended", () => {
	expect(makeHistory("arup").lastFailure).toBe("503 no endpoints");
	expect(makeHistory("urap").lastFailure).toBe("400 out of order sample");
	expect(makeHistory("ap").lastFailure).toBeUndefined();
});

test("nothing is waited for that Prometheus says it will never take", () => {
	const history = new History();
	const refused = (reason: string) => {
		history.next().outcome = { result: "refused", reason };
		return () => history.newest;
	};
	expect(refused("400 out of order sample")).toThrow("has taken no number");
	expect(refused(receiverIsOff)).toThrow(HopelessError);
});

test("only what is acknowledged has a time of its acknowledgement", () => {
	const { entries, acknowledged } = makeHistory("aruapa");
	expect(acknowledged.map(({ sequence }) => sequence)).toEqual([1, 4, 6]);
	// Number 4 was acknowledged at 4005.
	const before = (moment: number) =>
		acknowledgedBefore(entries, moment).map(({ sequence }) => sequence);
	expect(before(4005)).toEqual([1]);
	expect(before(4006)).toEqual([1, 4]);
});
