// Set-up of each test file that uses the real engine: it gets its own folder for temporary files, which makes it another
// owner (run.ts). So what it leaves behind on purpose is not swept by other test files, or by a run at the same time. The
// folder has the same path every time, so that the next time it sweeps what a killed test left.
import { createHash } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";

// A socket's path can have about a hundred characters, and macOS' temporary folder takes half of them.
const key = createHash("sha256")
	.update(`${process.getuid?.()} ${expect.getState().testPath}`)
	.digest("hex")
	.slice(0, 6);
const folder = join(tmpdir(), `o11y-e2e-${key}`);
mkdirSync(folder, { recursive: true, mode: 0o700 });
process.env.TMPDIR = folder;

afterAll(() => rmSync(folder, { recursive: true, force: true }));
