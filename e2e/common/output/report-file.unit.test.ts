import {
	mkdir,
	mkdtemp,
	readFile,
	rm,
	stat,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { exitCodes, explainError } from "../errors.ts";
import { rememberSecret } from "../secrecy/redact.ts";
import { refuseExposed, writeReportFile } from "./report-file.ts";
import { beginManifest, noteReportFile } from "./report-manifest.ts";

async function makeReport(): Promise<string> {
	const dir = await mkdtemp(join(tmpdir(), "o11y-e2e-report-"));
	onTestFinished(() => rm(dir, { recursive: true }));
	await beginManifest(dir, "a test");
	return dir;
}

test.skipIf(process.platform !== "linux")(
	"a full disk ends the run with one sentence",
	async () => {
		await expect(writeReportFile("/dev/full", "x")).rejects.toMatchObject({
			message:
				"the report's file /dev/full cannot be written: the disk is full",
			exitCode: exitCodes.setUpFailed,
		});
		const error = await writeFile("/dev/full", "x").catch((e: unknown) => e);
		expect(explainError(error)).toBe("the disk is full");
	},
);

test("an error of the system is a sentence with the file", async () => {
	const error = await stat("/nowhere/x").catch((e: unknown) => e);
	expect(explainError(error)).toBe("/nowhere/x: it does not exist");
	expect(explainError(new Error("anything, else"))).toBe("anything, else");
});

test("a file that shows a secret in spite of everything is removed, and ends the run", async () => {
	const dir = await makeReport();
	rememberSecret("a-picture-shows-it");
	await writeReportFile(join(dir, "a", "clean.log"), "a-picture-shows-it");
	await writeFile(join(dir, "foreign.log"), "a-picture-shows-it");
	await noteReportFile(join(dir, "shown.log"));
	await writeFile(join(dir, "shown.log"), "it: a-picture-shows-it");
	await expect(refuseExposed(dir)).rejects.toThrow(
		"the report of this run showed a secret and was removed: shown.log",
	);
	await refuseExposed(dir);
	await noteReportFile(join(dir, "trial", "shown.log"));
	await mkdir(join(dir, "trial"));
	await writeFile(join(dir, "trial", "shown.log"), "a-picture-shows-it");
	await refuseExposed(join(dir, "other"));
	await expect(refuseExposed(join(dir, "trial"))).rejects.toThrow("shown.log");
	expect(await readFile(join(dir, "a", "clean.log"), "utf8")).toBe("<blanked>");
	expect(await readFile(join(dir, "foreign.log"), "utf8")).toContain("shows");
});
