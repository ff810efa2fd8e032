import { expect, test } from "vitest";
import { findUnsupportedSystem } from "./unsupported-system.mjs";

const glibc = () => ({ header: { glibcVersionRuntime: "2.36" } });
const musl = () => ({ header: {} });

test("Linux with glibc and macOS can run the private Node", () => {
	expect(findUnsupportedSystem("linux", glibc)).toBeUndefined();
	expect(findUnsupportedSystem("darwin", musl)).toBeUndefined();
});

test("Windows and musl are refused in one sentence", () => {
	expect(findUnsupportedSystem("win32", glibc)).toContain("WSL 2");
	expect(findUnsupportedSystem("linux", musl)).toContain("Debian or Ubuntu");
});
