// Set-up of each file of tests against the real engine: a folder for temporary files of its own, which makes it another
// owner (run.ts). What one of them leaves behind on purpose no other one, and no run beside them, tidies up. The folder
// is the same the next time, so that what a killed test left is swept then.
import { mkdirSync, rmdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { basename, join } from "node:path";
import { afterAll, expect } from "vitest";

const file = basename(expect.getState().testPath ?? "", ".integration.test.ts");
const folder = join(tmpdir(), `o11y-e2e-test-${userInfo().username}-${file}`);
mkdirSync(folder, { recursive: true, mode: 0o700 });
process.env.TMPDIR = folder;

afterAll(() => {
	try {
		rmdirSync(folder);
	} catch {
		// Something was left in it, which tells whoever looks more than its removal would.
	}
});
