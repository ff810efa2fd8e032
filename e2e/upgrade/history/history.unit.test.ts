import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { BadInputError } from "../../common/errors.ts";
import type { PastUpgrade } from "./past-upgrade.ts";
import { summarizeUpgrade, UpgradeHistory } from "./record.ts";
import { findUnusual } from "./unusual.ts";

const away = "Watchdog in Prometheus was away";

function makeUpgrade(seconds: number, figure = away): PastUpgrade {
	return {
		startedAt: "2026-01-01T03:17:00.000Z",
		from: "77.14.0",
		to: "78.0.0",
		verdict: "safe",
		figures: { [figure]: seconds },
	};
}

async function makePath(): Promise<string> {
	const dir = await mkdtemp(join(tmpdir(), "o11y-e2e-history-"));
	onTestFinished(() => rm(dir, { recursive: true }));
	return join(dir, "history.json");
}

test("upgrades are kept in their order, the last hundred of them", async () => {
	const path = await makePath();
	const history = await UpgradeHistory.open(path);
	expect(await history.read()).toEqual([]);
	for (let i = 0; i < 102; i++) await history.add(makeUpgrade(i));
	const kept = await history.read();
	expect(kept.map(({ figures }) => figures[away])).toEqual(
		Array.from({ length: 100 }, (_, i) => i + 2),
	);
	expect(await readdir(join(path, ".."))).toEqual(["history.json"]);
});

test("two commands that add at once lose nothing", async () => {
	const history = await UpgradeHistory.open(await makePath());
	await Promise.all([1, 2, 3].map((each) => history.add(makeUpgrade(each))));
	expect(await history.read()).toHaveLength(3);
});

test.each(["{", "[]", '{"upgrades": [{}]}'])(
	"a file with %s is refused and left as it is",
	async (text) => {
		const path = await makePath();
		await writeFile(path, text);
		await expect(UpgradeHistory.open(path)).rejects.toThrow(
			`${path} is no history of upgrades`,
		);
		expect(await readFile(path, "utf8")).toBe(text);
	},
);

test("figures are the longest of a name, whatever its address", () => {
	const { figures } = summarizeUpgrade({
		startedAt: "2026-01-01T03:17:00.000Z",
		from: { version: "1.0.0" },
		to: { version: "2.0.0" },
		verdict: "safe",
		timeline: {
			seconds: 100,
			phases: [{ name: "rollout", from: 3, to: 16.42 }],
			tracks: [
				{ name: "kubelet 172.20.0.5:10250", gaps: [{ from: 0, to: 9 }] },
				{ name: "kubelet 172.20.0.6:10250", gaps: [{ from: 5, to: 75 }] },
				{ name: "Watchdog", gaps: [] },
			],
		},
	});
	expect(figures).toEqual({
		"rollout took": 13.4,
		"kubelet was away": 70,
		"Watchdog was away": 0,
	});
});

test("a place that cannot be written is refused before anything starts", async () => {
	const path = join(await makePath(), "history.json");
	await expect(UpgradeHistory.open(path)).rejects.toThrow(BadInputError);
});

test.each([
	["as before", [12, 13, 14, 12, 13], 14, false],
	["longer than ever, and little", [12, 13, 14, 12, 13], 22, false],
	["more than twice as long", [12, 13, 14, 12, 13], 40, true],
	["as long as it once was", [12, 13, 60, 12, 13], 50, false],
	["too few to compare with", [12, 13, 14, 12], 400, false],
	["never away before", [0, 0, 0, 0, 0], 11, true],
])("%s", (_, before, now, isUnusual) => {
	const found = findUnusual(
		before.map((each) => makeUpgrade(each)),
		makeUpgrade(now),
	);
	expect(found.length > 0).toBe(isUnusual);
	for (const each of found)
		expect(each).toMatch(/^Watchdog in Prometheus was away \d+ s; in the 5/);
});
