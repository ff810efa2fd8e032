import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { projectPath } from "../common/paths.ts";
import { gatherImagesOf, makeArguments, measureWholeRun } from "./whole-run.ts";

const raw = { chart: "auto", images: "auto", values: [] };

let root = "";
let report = "";
beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), "o11y-e2e-whole-run-"));
	report = join(root, "report");
	await mkdir(join(root, "scripts"));
});
afterEach(() => rm(root, { recursive: true }));

/** A checkout whose e2e writes this summary, if any, and ends with this code. */
async function makeCheckout(summary: object | undefined, code: number) {
	const write = summary
		? `writeFileSync(report + "/summary.json", ${JSON.stringify(JSON.stringify(summary))});`
		: "";
	await writeFile(
		join(root, "scripts", "bootstrap.mjs"),
		`import { writeFileSync } from "node:fs";
		const report = process.argv.find((each) => each.startsWith("--report="))?.slice(9);
		${write}
		process.exit(${code});`,
	);
}

const phases = [{ name: "registry", begin: 1, seconds: 2, waitedFor: [] }];
const proven = {
	verdict: "proven",
	message: "",
	seconds: 200,
	phases,
	claims: [{ id: "wal-replay", status: "proven", message: "", notes: [] }],
};

test("a proven run is read from the report, also if that has more than this checkout's", async () => {
	await makeCheckout(proven, 0);
	expect(await measureWholeRun(raw, root, report)).toEqual({
		isProven: true,
		failure: "",
		seconds: 200,
		phases: [{ name: "registry", begin: 1, seconds: 2 }],
	});
});

test.each([
	[
		"a refuted claim",
		{
			verdict: "refuted",
			claims: [
				{ id: "placement", status: "proven", message: "" },
				{ id: "wal-replay", status: "refuted", message: "3 lost\n+ 3" },
			],
		},
		1,
		"refuted: wal-replay: 3 lost",
	],
	[
		"a set-up that failed",
		{ verdict: "set-up-failed", message: "no memory", claims: [] },
		2,
		"set-up-failed: no memory",
	],
])("%s is named and does not count", async (_, changes, code, failure) => {
	await makeCheckout({ ...proven, ...changes }, code);
	const run = await measureWholeRun(raw, root, report);
	expect(run).toMatchObject({ isProven: false, failure });
});

test("the report of an earlier run is not taken for that of one that wrote none", async () => {
	await makeCheckout(proven, 0);
	await measureWholeRun(raw, root, report);
	await makeCheckout(undefined, 3);
	expect(await measureWholeRun(raw, root, report)).toMatchObject({
		isProven: false,
		failure: "it ended with exit code 3, without a report",
	});
});

test("an old checkout's phases, which do not say when they began, are left out", async () => {
	await makeCheckout(
		{ ...proven, phases: [...phases, { name: "chart", seconds: 3 }] },
		0,
	);
	expect((await measureWholeRun(raw, root, report)).phases).toEqual([]);
});

test("a checkout whose images cannot be gathered ends the bench", async () => {
	await makeCheckout(undefined, 2);
	await expect(gatherImagesOf(root, raw)).rejects.toThrow(
		`the images of ${root} cannot be gathered: npm run images ended there with exit code 2`,
	);
	await makeCheckout(undefined, 0);
	await expect(gatherImagesOf(root, raw)).resolves.toBeUndefined();
});

test("paths mean the same in another checkout", () => {
	const chart = projectPath("stack/charts/kube-prometheus-stack");
	const values = projectPath("stack/values/kube-prometheus-stack.yaml");
	const fromHere = (path: string) => relative(process.cwd(), path);
	expect(
		makeArguments({
			chart: fromHere(chart),
			images: `archive:${fromHere("/srv/images.tar")}`,
			values: [fromHere(values)],
			snapshotter: "native",
		}),
	).toEqual([
		`--chart=${chart}`,
		"--images=archive:/srv/images.tar",
		"--snapshotter=native",
		`--values=${values}`,
	]);
});

test("what is no path stays as it is", () => {
	const chart = "oci://registry.example.org/charts/stack";
	expect(makeArguments({ ...raw, chart, chartVersion: "1.2.3" })).toEqual([
		`--chart=${chart}`,
		"--images=auto",
		"--chart-version=1.2.3",
	]);
});
