import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SetUpError } from "../../common/errors.ts";
import { PinnedChart } from "./chart-pin.ts";

const chart = "the chart oci://charts.example.org/stack";
let path = "";
let folder = "";
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "pin-"));
	path = join(folder, "stack-1.2.3.tgz");
});
afterEach(() => rm(folder, { recursive: true }));

const keep = (content: string) =>
	new PinnedChart(path).keep(Buffer.from(content), chart);

test("a chart that was fetched is found again", async () => {
	expect(await new PinnedChart(path).find()).toBeUndefined();
	expect(await keep("a chart")).toBe(path);
	expect(await new PinnedChart(path).find()).toBe(path);
	expect(await readFile(path, "utf8")).toBe("a chart");
});

test("one that was changed or removed in the cache is fetched again", async () => {
	await keep("a chart");
	await writeFile(path, "half a ch");
	expect(await new PinnedChart(path).find()).toBeUndefined();
	await keep("a chart");
	await rm(path);
	expect(await new PinnedChart(path).find()).toBeUndefined();
	await keep("a chart");
	expect(await new PinnedChart(path).find()).toBe(path);
});

test("another chart under the same version is refused, with the way out", async () => {
	await keep("a chart");
	const refused = keep("another chart");
	await expect(refused).rejects.toThrow(SetUpError);
	await expect(refused).rejects.toThrow(
		/^the chart oci:\S+ is another one than was fetched before: sha256:\w{64} instead of sha256:\w{64}\. .* remove \S+stack-1\.2\.3\.tgz\.sha256$/,
	);
	expect(await readFile(path, "utf8")).toBe("a chart");
});

test("a chart of the cache without a digest is fetched again", async () => {
	await writeFile(path, "a chart of long ago");
	expect(await new PinnedChart(path).find()).toBeUndefined();
});
