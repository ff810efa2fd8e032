import { expect, test } from "vitest";
import {
	describeWriteBack,
	longestInMemory,
	parseWriteBack,
} from "./write-back.ts";

test.each([
	["3000\n500\n/dev/loop0 /m ext4 rw,relatime 0 0\n", 40],
	["6000\n1500\n/dev/loop0 /m ext4 rw,relatime,commit=60 0 0\n", 135],
	["3000\n0\n/dev/loop0 /m ext4 rw 0 0\n", Number.POSITIVE_INFINITY],
])("of %j the kernel keeps it for %d s at most", (text, seconds) => {
	expect(longestInMemory(parseWriteBack(text))).toBe(seconds);
});

test("the settings have the kernel's names and units", () => {
	expect(describeWriteBack({ expire: 30, interval: 5, commit: 5 })).toBe(
		"vm.dirty_expire_centisecs 3000, vm.dirty_writeback_centisecs 500, and a commit of the journal every 5 s",
	);
});
