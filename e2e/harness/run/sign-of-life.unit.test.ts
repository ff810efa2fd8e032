import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { showLife, showsLife } from "./sign-of-life.ts";

const newId = () => `test${randomBytes(4).toString("hex")}`;

async function live(id: string, file: string) {
	const server = await showLife(id, file);
	const end = () => new Promise((resolve) => server.close(resolve));
	onTestFinished(async () => {
		await end();
		await rm(file, { force: true });
	});
	return end;
}

test("a run is alive until its process closes the socket", async () => {
	const id = newId();
	const file = join(tmpdir(), `${id}.sock`);
	expect(await showsLife(id, file)).toBe(false);
	const end = await live(id, file);
	expect(await showsLife(id, file)).toBe(true);
	await end();
	expect(await showsLife(id, file)).toBe(false);
});

test.runIf(process.platform === "linux")(
	"a process with another /tmp sees that a run is alive (only Linux has sockets without a file)",
	async () => {
		const id = newId();
		await live(id, join(tmpdir(), `${id}.sock`));
		expect(await showsLife(id, `/nowhere/${id}.sock`)).toBe(true);
	},
);

test("a process that cannot open another file takes a run for alive", async () => {
	const script = `
		import { openSync } from "node:fs";
		const { showsLife } = await import(process.argv[1]);
		try {
			for (;;) openSync("/dev/null");
		} catch (error) {
			if (error.code !== "EMFILE") throw error;
		}
		process.stdout.write(String(await showsLife("${newId()}", "/nowhere")));
	`;
	const module = join(import.meta.dirname, "sign-of-life.ts");
	const limited = [
		...["-c", 'ulimit -n 64; exec "$0" "$@"', process.execPath],
		...["--input-type=module", "--eval", script, module],
	];
	const { stdout } = await execa("sh", limited);
	expect(stdout).toBe("true");
});
