import { execa } from "execa";
import { expect, test } from "vitest";
import { makeScript, splitOutput } from "./helm-queue.ts";

/** Runs a script with a shell in place of Helm, which runs its first argument. */
async function run(scripts: readonly string[]) {
	const mark = "0123456789abcdef";
	const script = makeScript(
		scripts.map((each) => [each]),
		mark,
	);
	const shell = `helm() { sh -c "$1"; }\n${script}`;
	const options = { reject: false, stripFinalNewline: false } as const;
	return splitOutput(await execa("sh", ["-c", shell], options), mark);
}

test("each command line's output, errors and exit code are told apart", async () => {
	expect(
		await run([
			"printf 'a: 1\\n'; printf 'WARNING: x\\n' >&2",
			"printf 'Error: no\\n' >&2; exit 3",
			"true",
			'printf "it\'s"',
		]),
	).toEqual([
		{ exitCode: 0, stdout: "a: 1\n", stderr: "WARNING: x\n" },
		{ exitCode: 3, stdout: "", stderr: "Error: no\n" },
		{ exitCode: 0, stdout: "", stderr: "" },
		{ exitCode: 0, stdout: "it's", stderr: "" },
	]);
});

test("a command that is killed says nothing", async () => {
	const [killed, after] = await run(["kill -9 $$", "printf on"]);
	expect(killed).toEqual({ exitCode: 137, stdout: "", stderr: "" });
	expect(after?.stdout).toBe("on");
});

test("a script that is ended has no output of the rest", () => {
	const mark = "0123456789abcdef";
	const stdout = `a\n${mark} 0\nb`;
	expect(splitOutput({ stdout, stderr: `\n${mark}\n` }, mark)).toEqual([
		{ exitCode: 0, stdout: "a", stderr: "" },
	]);
});
