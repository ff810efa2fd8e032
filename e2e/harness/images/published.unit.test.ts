import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { isPublished, notePublished } from "./published.ts";

const dir = mkdtempSync(join(tmpdir(), "published-"));
beforeEach(() => {
	vi.stubEnv("O11Y_E2E_CACHE", dir);
});

let content = "";
let isHanging = false;
const registry = createServer((_, response) => {
	if (isHanging) return;
	response.writeHead(content ? 200 : 404).end(content);
});
await new Promise<void>((resolve) =>
	registry.listen(0, "127.0.0.1", () => resolve()),
);
const { port } = registry.address() as AddressInfo;
afterAll(() => {
	registry.close();
	registry.closeAllConnections();
	rmSync(dir, { recursive: true });
});

const image = { address: `127.0.0.1:${port}`, path: "a/b", tag: "v1" };
const digestOf = (text: string) =>
	`sha256:${createHash("sha256").update(text).digest("hex")}`;

test("an image is known by its configuration, or by its manifest", async () => {
	content = "";
	await expect(isPublished({ ...image, id: "sha256:c" })).resolves.toBe(false);
	content = '{"config":{"digest":"sha256:c"}}';
	await expect(isPublished({ ...image, id: "sha256:c" })).resolves.toBe(true);
	const id = digestOf(content);
	await expect(isPublished({ ...image, id })).resolves.toBe(true);
});

test("with the containerd image store, it is known by what the registry got, until either changes", async () => {
	content = '{"config":{"digest":"sha256:c"}}';
	const index = { ...image, id: "sha256:index" };
	await expect(isPublished(index)).resolves.toBe(false);
	await notePublished(index);
	await expect(isPublished(index)).resolves.toBe(true);
	const newer = { ...image, id: "sha256:newer" };
	await expect(isPublished(newer)).resolves.toBe(false);
	content = '{"config":{"digest":"sha256:other"}}';
	await expect(isPublished(index)).resolves.toBe(false);
});

test("a registry that hangs is named, and not waited for any longer than it may take", async () => {
	isHanging = true;
	await expect(isPublished({ ...image, id: "sha256:c" }, 100)).rejects.toThrow(
		`the registry at ${image.address} does not say whether it has a/b:v1`,
	);
	isHanging = false;
});
