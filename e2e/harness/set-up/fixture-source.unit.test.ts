import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { makeFixtureSource } from "./fixture-source.ts";

test.each(["slack-mock", "doppler-mock", "sample-app"])(
	"the ConfigMap of %s has every file that its server imports",
	async (fixture) => {
		const { data } = await makeFixtureSource("ns", fixture);
		const files = Object.entries(z.record(z.string(), z.string()).parse(data));
		const app = await mkdtemp(join(tmpdir(), `${fixture}-`));
		onTestFinished(() => rm(app, { recursive: true }));
		// The kubelet mounts a ConfigMap's keys as links into a folder that it replaces.
		await mkdir(join(app, "..2026"));
		await symlink("..2026", join(app, "..data"));
		for (const [name, text] of files) {
			await writeFile(join(app, "..2026", name), text);
			await symlink(`..data/${name}`, join(app, name));
		}
		const server = pathToFileURL(join(app, "server.ts")).href;
		const load = `console.log(Object.keys(await import("${server}")).join())`;
		const { stdout } = await promisify(execFile)(
			process.execPath,
			["--input-type=module", "--eval", load],
			{ env: {} },
		);
		expect(stdout).toMatch(/\bcreate\w+/);
		expect(files.map(([name]) => name).join()).not.toContain("test");
	},
);
