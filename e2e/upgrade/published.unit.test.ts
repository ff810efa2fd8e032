import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { publishedChart } from "./published.ts";

async function folderWith(...versions: string[]): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "charts-"));
	onTestFinished(() => rm(folder, { recursive: true }));
	for (const each of versions)
		await writeFile(join(folder, `kube-prometheus-stack-${each}.tgz`), "");
	return folder;
}
const all = ["79.4.0", "79.4.1", "79.12.0", "80.0.0-rc.1", "80.1.0"];

test.each([
	["79.4.1", "79.4.1"],
	["79.4.x", "79.4.1"],
	["79.x", "79.12.0"],
	["^79.4.0", "79.12.0"],
	[">=79.0.0, <80.0.0", "79.12.0"],
	["*", "80.1.0"],
	["~80.0.0-0", "80.0.0-rc.1"],
])("%s of a folder is %s", async (range, version) => {
	const { chart } = await publishedChart(range, await folderWith(...all));
	expect(basename(chart ?? "")).toBe(`kube-prometheus-stack-${version}.tgz`);
});

test.each([
	["81.x", /no kube-prometheus-stack of a version in 81\.x/],
	["79.5.0", /no kube-prometheus-stack-79\.5\.0\.tgz/],
	["newest", /not known from a folder/],
	[undefined, /not known from a folder/],
])("%s of a folder is bad input", async (range, message) => {
	await expect(publishedChart(range, await folderWith(...all))).rejects.toThrow(
		message,
	);
});
