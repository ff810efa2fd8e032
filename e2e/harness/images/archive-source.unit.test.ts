import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { showLife } from "../run/sign-of-life.ts";
import { removeUnfinished } from "./archive-source.ts";

test("what a killed run has written of an archive is removed, and nothing of a living one", async () => {
	const dir = mkdtempSync(join(tmpdir(), "o11y-e2e-save-"));
	onTestFinished(() => rmSync(dir, { recursive: true }));
	const living = randomBytes(4).toString("hex");
	const server = await showLife(living, join(dir, "life.sock"));
	onTestFinished(() => void server.close());
	const kept = [
		"images.tar",
		`images.tar.${living}.partial`,
		"images.tar.partial",
		"others.tar.0a1b2c3d.partial",
	];
	for (const name of [...kept, "images.tar.0a1b2c3d.partial"])
		writeFileSync(join(dir, name), "");
	await removeUnfinished(join(dir, "images.tar"));
	const left = readdirSync(dir).filter((name) => name !== "life.sock");
	expect(left.sort()).toEqual(kept.sort());
});
