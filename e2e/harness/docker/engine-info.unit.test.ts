import { expect, test } from "vitest";
import { processorOf } from "./engine-info.ts";

test.each([
	["x86_64", "x64"],
	["amd64", "x64"],
	["aarch64", "arm64"],
	["arm64", "arm64"],
])("an engine's %s is Node's %s", (Architecture, processor) => {
	expect(processorOf({ Architecture })).toBe(processor);
});
