import { spawnSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readlinkSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { withFileLock, withFreeFileLock } from "./file-lock.ts";

const folder = mkdtempSync(join(tmpdir(), "o11y-e2e-lock-"));
afterAll(() => rmSync(folder, { recursive: true }));

const makePath = () => mkdtempSync(join(folder, "lock-"));
const what = "build images";
const ownNamespace = existsSync("/proc/self/ns/pid")
	? readlinkSync("/proc/self/ns/pid")
	: "";

/** Leaves a lock as a killed process does. */
function leaveLock(path: string, pid: number, pids = ownNamespace) {
	mkdirSync(`${path}.lock`);
	const since = "2026-01-01T00:00:00.000Z";
	const note = { pid, host: hostname(), pids, command: "e2e.ts", since };
	writeFileSync(`${path}.holder`, JSON.stringify(note));
}

test("one waits for another of the same process, without a word", async () => {
	const path = makePath();
	const lines: string[] = [];
	const options = { what, say: (line: string) => lines.push(line) };
	const order: string[] = [];
	const { promise: entered, resolve: enter } = Promise.withResolvers<void>();
	const { promise: ended, resolve: end } = Promise.withResolvers<void>();
	const first = withFileLock(path, options, async () => {
		enter();
		await ended;
		order.push("first");
	});
	await entered;
	const second = withFileLock(path, options, async () => order.push("second"));
	end();
	await Promise.all([first, second]);
	expect(order).toEqual(["first", "second"]);
	expect(lines).toEqual([]);
});

test("one process waits for another, and is told which", async () => {
	const path = makePath();
	const lines: string[] = [];
	leaveLock(path, process.ppid);
	const say = (line: string) => {
		lines.push(line);
		rmSync(`${path}.lock`, { recursive: true });
	};
	expect(await withFileLock(path, { what, say }, async () => "mine")).toBe(
		"mine",
	);
	expect(lines).toEqual([
		expect.stringContaining(
			`build images, which is the turn of process ${process.ppid}`,
		),
	]);
});

test("the lock of a process that was killed is taken over without waiting", async () => {
	const path = makePath();
	const { pid } = spawnSync(process.execPath, ["--version"]);
	leaveLock(path, pid);
	const lines: string[] = [];
	const say = (line: string) => lines.push(line);
	expect(await withFileLock(path, { what, say }, async () => "mine")).toBe(
		"mine",
	);
	expect(lines).toEqual([]);
	expect(existsSync(`${path}.lock`)).toBe(false);
	expect(existsSync(`${path}.holder`)).toBe(false);
});

test("a process of another namespace is not taken for one that has ended", async () => {
	const path = makePath();
	const { pid } = spawnSync(process.execPath, ["--version"]);
	leaveLock(path, pid, "pid:[1]");
	const lines: string[] = [];
	const say = (line: string) => {
		lines.push(line);
		rmSync(`${path}.lock`, { recursive: true });
	};
	await withFileLock(path, { what, say }, async () => "mine");
	expect(lines).toEqual([expect.stringContaining(`process ${pid}`)]);
});

test.each([
	["free", undefined, true],
	[
		"a dead process'",
		() => spawnSync(process.execPath, ["--version"]).pid,
		true,
	],
	["a living process'", () => process.ppid, false],
])("what can wait is done if the lock is %s", async (_, holder, isDone) => {
	const path = makePath();
	if (holder) leaveLock(path, holder());
	let done = false;
	await withFreeFileLock(path, async () => {
		done = true;
	});
	expect(done).toBe(isDone);
	expect(existsSync(`${path}.lock`)).toBe(!isDone);
});
