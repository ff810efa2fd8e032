import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import Docker from "dockerode";
import { afterAll, beforeEach, expect, test } from "vitest";
import { BadInputError, SetUpError } from "../../common/errors.ts";
import { packTar } from "../../common/tar.ts";
import { loadImages, readEntry } from "./archive-entries.ts";

const dir = mkdtempSync(join(tmpdir(), "o11y-e2e-entries-"));
const file = join(dir, "images.tar");
const images = Buffer.alloc(3_000_000, "layer ");
const whole = await packTar({
	"._index.json": "of macOS",
	"index.json": '{"source":"build"}',
	"images.tar": images,
});

/** What the played engine has been sent, and how it answers. */
let sent: Buffer | undefined;
let refusal: string | undefined;
const engine = createServer(async (request, response) => {
	if (refusal) {
		// As the engine does: what is still sent is not what closes the connection.
		request.resume();
		response.writeHead(500).end(JSON.stringify({ message: refusal }));
		return;
	}
	sent = await buffer(request);
	const isWhole = sent.equals(images);
	response.end(
		JSON.stringify(isWhole ? { stream: "ok" } : { error: "unexpected EOF" }),
	);
});
await new Promise<void>((resolve) => engine.listen(0, "127.0.0.1", resolve));
const { port } = engine.address() as AddressInfo;
const docker = new Docker({ host: "127.0.0.1", port, protocol: "http" });

beforeEach(() => {
	sent = undefined;
	refusal = undefined;
	writeFileSync(file, whole);
});
afterAll(() => {
	engine.close();
	engine.closeAllConnections();
	rmSync(dir, { recursive: true });
});

test("an entry is read wherever it is", async () => {
	expect(await text(readEntry(file, "index.json"))).toBe('{"source":"build"}');
	await expect(text(readEntry(file, "other"))).rejects.toThrow(
		"it has no other",
	);
	await expect(text(readEntry(dir, "index.json"))).rejects.toThrow("EISDIR");
});

test("the engine gets the images, whole", async () => {
	await loadImages(docker, "--images archive:f", file);
	expect(sent?.equals(images)).toBe(true);
});

test("an archive that is cut short is bad input, named, whatever the engine says of it", async () => {
	truncateSync(file, 1_000_000);
	const loaded = loadImages(docker, "--images archive:f", file);
	await expect(loaded).rejects.toThrow(BadInputError);
	await expect(loaded).rejects.toThrow(
		"--images archive:f: it is cut short or damaged (Unexpected end of data)",
	);
});

test("an engine that refuses is quoted, and the archive not read to its end", async () => {
	refusal = "no space left on device";
	const loaded = loadImages(docker, "--images archive:f", file);
	await expect(loaded).rejects.toThrow(SetUpError);
	await expect(loaded).rejects.toThrow(
		/^--images archive:f: the Docker engine could not load its images: .*no space left/,
	);
});
