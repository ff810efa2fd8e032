import { expect, test } from "vitest";
import { isOfDebian } from "./debian-packages.ts";

test.each([
	['PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n', true],
	['ID="debian"\nVERSION_ID="13"\n', true],
	["NAME=Ubuntu\nID=ubuntu\nID_LIKE=debian\n", false],
	["VERSION_ID=1\n", false],
	["", false],
])("%j is Debian: %s", (osRelease, isOne) => {
	expect(isOfDebian(osRelease)).toBe(isOne);
});
