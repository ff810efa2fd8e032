import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findExposed } from "./exposed.ts";

test("files that show a secret are found, in subfolders too", async () => {
	const dir = await mkdtemp(join(tmpdir(), "o11y-e2e-exposed-"));
	onTestFinished(() => rm(dir, { recursive: true }));
	const secret = "correct-horse-battery-staple";
	await mkdir(join(dir, "evidence", "logs"), { recursive: true });
	const files = {
		"summary.json": "nothing to see",
		"junit.xml": `said ${secret}`,
		"evidence/logs/a.log": Buffer.from(`x${secret}`).toString("base64"),
		"evidence/b.yaml": "<blanked>",
	};
	for (const [name, content] of Object.entries(files))
		await writeFile(join(dir, name), content);
	expect(await findExposed(dir, [secret])).toEqual([
		"evidence/logs/a.log",
		"junit.xml",
	]);
	expect(await findExposed(dir, [secret], ["evidence/**"])).toEqual([
		"evidence/logs/a.log",
	]);
	expect(await findExposed(dir, ["another-secret"])).toEqual([]);
});
