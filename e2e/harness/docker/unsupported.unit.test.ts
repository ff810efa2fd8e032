import { expect, test } from "vitest";
import { findUnsupported } from "./unsupported.ts";

const info = {
	OSType: "linux",
	Architecture: "x86_64",
	SecurityOptions: ["name=seccomp,profile=builtin", "name=cgroupns"],
};
const version = { Version: "28.5.2", Components: [{ Name: "Engine" }] };

test("Docker as root on Linux, in a VM or not, is supported", () => {
	expect(findUnsupported(info, version)).toBeUndefined();
	const arm = { ...info, Architecture: "aarch64", SecurityOptions: null };
	expect(findUnsupported(arm, { Version: "20.10.24" })).toBeUndefined();
});

test.each([
	[
		info,
		{ ...version, Components: [{ Name: "Podman Engine" }] },
		"Podman is not supported",
	],
	[
		{ ...info, SecurityOptions: ["name=rootless"] },
		version,
		"a rootless Docker engine is not supported",
	],
	[{ ...info, SecurityOptions: ["name=userns"] }, version, "userns-remap"],
	[
		{ ...info, OSType: "windows" },
		version,
		"switch Docker Desktop to Linux containers",
	],
	[{ ...info, Architecture: "riscv64" }, version, "riscv64"],
	[info, { Version: "19.03.15" }, "update it"],
])("%j, %j: %s", (engine, itsVersion, sentence) => {
	expect(findUnsupported(engine, itsVersion)).toContain(sentence);
});
