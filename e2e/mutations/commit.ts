import { execa } from "execa";
import { projectRoot } from "../common/paths.ts";

/** The commit that is checked out; `no commit` in a copy without its history. */
export async function readCommit(): Promise<string> {
	const { exitCode, stdout } = await execa("git", ["rev-parse", "HEAD"], {
		cwd: projectRoot,
		reject: false,
	});
	return exitCode === 0 ? stdout.trim() : "no commit";
}
