import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeEach, expect, test } from "vitest";
import { playEngine } from "../docker/played-engine.ts";
import { importRoot } from "./import-image.ts";
import { componentNamed, readComponents } from "./spec.ts";

const dir = mkdtempSync(join(tmpdir(), "o11y-e2e-import-"));
const components = await readComponents();
const component = componentNamed(components, "busybox");

let refusal: string | undefined;
let asked: string[] = [];
// An engine that answers a while after it was sent everything, or refuses at once.
const docker = await playEngine(async (request, response) => {
	asked.push(`${request.method} ${request.url?.split("?")[0]}`);
	if (refusal && request.url?.startsWith("/images/create")) {
		// As the engine does: what is still sent is not what closes the connection.
		request.resume();
		response.writeHead(500).end(JSON.stringify({ message: refusal }));
		return;
	}
	await buffer(request);
	setImmediate(() => response.end(JSON.stringify({ status: "done" })));
});

beforeEach(() => {
	refusal = undefined;
	asked = [];
});
afterAll(() => rmSync(dir, { recursive: true }));

const parts = { packages: [], otherVersions: [] };

test("a tar that fails is what the caller catches, and its image gets no name", async () => {
	const gone = join(dir, "gone");
	await expect(
		importRoot(docker, component, "built-here.invalid/x:1", gone, parts),
	).rejects.toThrow(/tar/);
	expect(asked).toEqual([
		"POST /images/create",
		"DELETE /images/built-here.invalid/x:1-partial",
	]);
});

test("an engine that refuses is quoted, and the archive's writer ended", async () => {
	refusal = "no space left on device";
	await expect(
		importRoot(docker, component, "built-here.invalid/x:1", "/usr/bin", parts),
	).rejects.toThrow("no space left on device");
});
