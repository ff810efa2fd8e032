import {
	mkdir,
	mkdtemp,
	readdir,
	readFile,
	rm,
	symlink,
	utimes,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withFileLock } from "../../common/file-lock.ts";
import { writeReportFile } from "../../common/output/report-file.ts";
import type { ReportFolder } from "../run/reservation.ts";
import { emptyReportFolder } from "./begin.ts";

const names = ["summary.json", "evidence"];
let dir = "";
const folders: ReportFolder[] = [];
beforeEach(async () => {
	dir = await mkdtemp(join(tmpdir(), "o11y-e2e-begin-"));
});
afterEach(async () => {
	for (const each of folders.splice(0)) each.release();
	await rm(dir, { recursive: true });
});

async function begin(path = dir) {
	const folder = await emptyReportFolder(path, names);
	folders.push(folder);
	return folder;
}

test("what a report wrote is removed by the next one, and nothing else", async () => {
	const first = await begin();
	await writeReportFile(join(dir, "summary.json"), "{}");
	await writeReportFile(join(dir, "evidence", "claim", "a.log"), "seen");
	await writeReportFile(join(dir, "evidence", "other", "b.log"), "seen");
	await writeFile(join(dir, "evidence", "claim", "notes.txt"), "a person's");
	await writeFile(join(dir, "holiday.jpg"), "a person's");
	first.release();
	await begin();
	const left = await readdir(dir, { recursive: true });
	expect(left.sort()).toEqual([
		".o11y-e2e-report",
		".o11y-e2e-writing",
		"evidence",
		"evidence/claim",
		"evidence/claim/notes.txt",
		"holiday.jpg",
	]);
});

test("a folder in which others have files of the report's names is refused and stays whole", async () => {
	await writeFile(join(dir, "summary.json"), "another tool's");
	await mkdir(join(dir, "evidence"));
	await writeFile(join(dir, "evidence", "a.log"), "another tool's");
	await expect(begin()).rejects.toThrow(
		"has other files where the report's own go (summary.json): name another folder",
	);
	expect(await readFile(join(dir, "summary.json"), "utf8")).toBe(
		"another tool's",
	);
	expect((await readdir(dir, { recursive: true })).sort()).toEqual([
		"evidence",
		"evidence/a.log",
		"summary.json",
	]);
});

test("a link of the report's name is not followed", async () => {
	const target = join(dir, "target");
	await writeFile(target, "a person's");
	await mkdir(join(dir, "report"));
	await symlink(target, join(dir, "report", "summary.json"));
	await expect(begin(join(dir, "report"))).rejects.toThrow("summary.json");
	expect(await readFile(target, "utf8")).toBe("a person's");
});

test("a list that somebody has edited removes nothing outside of the folder", async () => {
	const report = join(dir, "report");
	(await begin(report)).release();
	const outside = join(dir, "outside");
	await writeFile(outside, "a person's");
	await writeFile(
		join(report, ".o11y-e2e-report"),
		`# a\n# b\n../outside\n${outside}\nx/../../outside\n`,
	);
	await begin(report);
	expect(await readFile(outside, "utf8")).toBe("a person's");
});

test("two runs do not share a folder, and the second one says whose it is", async () => {
	const first = await begin();
	await writeReportFile(join(dir, "summary.json"), "the first one's");
	await expect(begin()).rejects.toThrow(
		new RegExp(
			`another run is writing its report there \\(process ${process.pid}, since .*\\): name another folder`,
		),
	);
	expect(await readFile(join(dir, "summary.json"), "utf8")).toContain("first");
	first.release();
	await begin();
});

test("nor do two runs that do not see each other: in other containers, network namespaces, of other users", async () => {
	const mark = join(dir, ".o11y-e2e-writing");
	await writeFile(mark, "elsewhere net:[1] 0");
	await writeFile(join(dir, ".o11y-e2e-report"), "# a\n# process 7\nx\n");
	await writeFile(join(dir, "x"), "the other one's");
	await expect(begin()).rejects.toThrow(
		"another run is writing its report there (process 7)",
	);
	expect(await readFile(join(dir, "x"), "utf8")).toBe("the other one's");
	// Killed, a minute ago.
	const before = new Date(Date.now() - 61_000);
	await utimes(mark, before, before);
	(await begin()).release();
	expect(await readdir(dir)).toEqual([".o11y-e2e-report"]);
});

test("what a dead run left is taken over by one process at a time", async () => {
	const mark = join(dir, ".o11y-e2e-writing");
	await writeFile(mark, "elsewhere net:[1] 0");
	const before = new Date(Date.now() - 61_000);
	await utimes(mark, before, before);
	await withFileLock(mark, { what: "take it over" }, async () => {
		await expect(begin()).rejects.toThrow("another run is writing its report");
		expect(await readFile(mark, "utf8")).toContain("elsewhere");
	});
	(await begin()).release();
	expect(await readdir(dir)).toEqual([".o11y-e2e-report"]);
});

test("what a run of this process' own surroundings left when it was killed is taken over at once", async () => {
	const mark = join(dir, ".o11y-e2e-writing");
	await begin();
	const own = await readFile(mark, "utf8");
	for (const each of folders.splice(0)) each.release();
	await writeFile(mark, own);
	await begin();
});

test("a report in a report's folder is another one", async () => {
	await begin();
	await begin(join(dir, "faults"));
	await writeReportFile(join(dir, "faults", "summary.json"), "{}");
	const list = join(dir, ".o11y-e2e-report");
	expect(await readFile(list, "utf8")).not.toContain("faults");
});

test("a file in the folder's place is bad input", async () => {
	const file = join(dir, "file");
	await writeFile(file, "");
	await expect(begin(file)).rejects.toThrow(
		`--report ${file}: the folder cannot be created: there is a file of that name`,
	);
	await expect(begin(join(file, "below"))).rejects.toThrow(
		"a part of its path is not a folder",
	);
});

test.skipIf(process.platform !== "linux")(
	"a folder that cannot be written is bad input",
	async () => {
		// Not even root may make files there.
		await expect(begin("/sys/kernel")).rejects.toMatchObject({
			exitCode: 3,
			message:
				"--report /sys/kernel: the folder cannot be written: permission denied",
		});
	},
);
