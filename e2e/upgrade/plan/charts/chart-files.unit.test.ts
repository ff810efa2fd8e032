import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { packTar } from "../../../common/tar.ts";
import { readChartFiles } from "./chart-files.ts";

test.each([
	"cert-manager-v1.14.0.tgz",
	"cert-manager-1.14.0.tgz",
	"cert-manager-1.14.0-rc.1.tgz",
	"renamed.tgz",
])("a packed chart is known by the name in it: %s", async (file) => {
	const dir = await mkdtemp(join(tmpdir(), "o11y-e2e-chart-"));
	onTestFinished(() => rm(dir, { recursive: true }));
	await mkdir(join(dir, "charts"));
	await mkdir(join(dir, "files/mycharts"), { recursive: true });
	const packed = gzipSync(
		await packTar({ "cert-manager/Chart.yaml": "name: cert-manager\n" }),
	);
	await writeFile(join(dir, "charts", file), packed);
	await writeFile(join(dir, "files/mycharts/a-1.tgz"), "no chart");
	const files = await readChartFiles({
		path: dir,
		isFolder: true,
		source: dir,
	});
	expect([...files.keys()].sort()).toEqual([
		"charts/cert-manager/Chart.yaml",
		"files/mycharts/a-1.tgz",
	]);
});
