import { afterEach, describe, expect, test, vi } from "vitest";
import {
	endOngoingFaults,
	lookBeforeMending,
	makeFault,
	makeOngoing,
} from "./fault.ts";
import { leftBehind } from "./tidy-up.ts";

const warn = vi.spyOn(console, "error").mockImplementation(() => undefined);
afterEach(() => {
	warn.mockClear();
});

const nothing = async () => undefined;

describe("a fault that has begun", () => {
	test("is mended at the end of its scope", async () => {
		const mend = vi.fn(nothing);
		{
			await using _ = makeOngoing("it is away", mend);
			expect(mend).not.toHaveBeenCalled();
		}
		expect(mend).toHaveBeenCalledOnce();
	});

	test("is mended once, however often it is ended", async () => {
		const mend = vi.fn(nothing);
		{
			await using outage = makeOngoing("it is away", mend);
			await Promise.all([outage.end(), outage.end()]);
			await outage.end();
		}
		expect(mend).toHaveBeenCalledOnce();
	});

	test("throws if a test cannot end it, and is ended again at the end of the scope", async () => {
		const mend = vi.fn(nothing).mockRejectedValueOnce(new Error("no answer"));
		{
			await using outage = makeOngoing("it is away", mend);
			await expect(outage.end()).rejects.toThrow("no answer");
		}
		expect(mend).toHaveBeenCalledTimes(2);
		expect(warn).not.toHaveBeenCalled();
	});

	test("reports that it was left behind, without failing the test", async () => {
		{
			await using _ = makeOngoing("it is away", () =>
				Promise.reject(new Error("no answer")),
			);
		}
		expect(warn).toHaveBeenCalledExactlyOnceWith(
			`${leftBehind}the end of: it is away failed: no answer`,
		);
	});
});

describe("a fault of two steps", () => {
	test("breaks and mends in this order", async () => {
		const steps: string[] = [];
		const fault = makeFault(
			"it is away",
			async () => steps.push("break"),
			async () => steps.push("mend"),
		);
		{
			await using _ = await fault.begin();
			steps.push("test");
		}
		expect(steps).toEqual(["break", "test", "mend"]);
	});

	test("mends what a beginning that failed has broken", async () => {
		const mend = vi.fn(nothing);
		const fault = makeFault(
			"it is away",
			() => Promise.reject(new Error("half broken")),
			mend,
		);
		await expect(fault.begin()).rejects.toThrow("half broken");
		expect(mend).toHaveBeenCalledOnce();
	});
});

test("a fault that its test has not ended is looked at before it is mended", async () => {
	const order: string[] = [];
	lookBeforeMending(async () => {
		order.push("looked");
	});
	const mend = async () => {
		order.push("mended");
	};
	{
		await using ended = makeOngoing("x is away", mend);
		await ended.end();
	}
	expect(order).toEqual(["mended"]);
	{
		await using _left = makeOngoing("x is away", mend);
	}
	expect(order).toEqual(["mended", "looked", "mended"]);
});

test("what a test was abandoned in is mended afterwards", async () => {
	let isBroken = true;
	makeOngoing("x is away", async () => {
		isBroken = false;
	});
	await endOngoingFaults();
	expect(isBroken).toBe(false);
});
