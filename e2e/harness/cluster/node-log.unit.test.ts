import { expect, test } from "vitest";
import { describeLastError } from "./node-log.ts";

test("the last error counts, not the last line", () => {
	const log = [
		'time="1" level=error msg="first"',
		'time="2" level=fatal msg="second"',
		'time="3" level=info msg="third"',
	].join("\n");
	expect(describeLastError(log)).toBe('time="2" level=fatal msg="second"');
});

test("a known error has a way out", () => {
	const log =
		'time="1" level=error msg="\\"overlayfs\\" snapshotter cannot be enabled for \\"/var/lib/rancher/k3s/agent/containerd\\""';
	expect(describeLastError(log)).toContain("--snapshotter native");
});

test.each([
	["", "it logged nothing"],
	["level=info msg=started", "level=info msg=started"],
])("%j", (log, expected) => {
	expect(describeLastError(log)).toBe(expected);
});
