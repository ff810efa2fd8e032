import { expect, test } from "vitest";
import { whyNoRootFileSystem } from "./root-file-system.ts";

const explain = (rootMounts: string[], ...args: string[]) =>
	whyNoRootFileSystem({ args, rootMounts });

test("the node's file systems are read below a mount of its /", () => {
	expect(
		explain(
			["/host/root"],
			"--path.procfs=/host/proc",
			"--path.rootfs=/host/root",
		),
	).toBeUndefined();
	expect(explain(["/host"], "--path.rootfs=/host/")).toBeUndefined();
});

test("without the mount it sees its container's", () => {
	expect(explain([], "--path.procfs=/host/proc")).toMatch(
		/^"CPU, memory, disk, network, filesystem": .* does not mount the node's \/.*hostRootFsMount/,
	);
});

test("a mount that no argument names is of no use", () => {
	expect(explain(["/host/root"])).toMatch(
		/at \/host\/root, and is told no --path\.rootfs$/,
	);
	expect(explain(["/host/root"], "--path.rootfs=/rootfs")).toMatch(
		/and is told --path\.rootfs=\/rootfs$/,
	);
});
