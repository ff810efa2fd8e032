// Set-up of each file of tests against the real engine: a folder for temporary files of its own, which makes it another
// owner (run.ts). What one of them leaves behind on purpose no other one, and no run beside them, tidies up. The folder
// is the same the next time, so that what a killed test left is swept then.
import { createHash } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";

// A socket's path has hardly more than a hundred characters, and macOS' own folder takes half of them.
const key = createHash("sha256")
	.update(`${userInfo().username} ${expect.getState().testPath}`)
	.digest("hex")
	.slice(0, 6);
const folder = join(tmpdir(), `o11y-e2e-${key}`);
mkdirSync(folder, { recursive: true, mode: 0o700 });
process.env.TMPDIR = folder;

afterAll(() => rmSync(folder, { recursive: true, force: true }));
