import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { messageOf } from "../../common/errors.ts";
import { isDebian } from "../docker/debian-packages.ts";
import { downloadGo } from "./build/build-tools.ts";

/** Where Go would get modules from. */
export interface GoSettings {
	readonly GOPROXY: string;
	readonly GOMODCACHE: string;
	/** Why no module proxy is known, as a clause. */
	readonly trouble?: string;
}

const goSettings = z.object({ GOPROXY: z.string(), GOMODCACHE: z.string() });

/**
 * Those of the installed Go, which has a proxy by default and may keep others by `go env -w`; without Go those of the
 * environment, and if that names no proxy, those of a Go that is taken into the cache.
 *
 * @param provideGo returns the folder of a command go; undefined if this machine can have none
 */
export async function readGoSettings(
	say: (line: string) => void,
	provideGo: (
		say: (line: string) => void,
	) => Promise<string | undefined> = provideDebianGo,
): Promise<GoSettings> {
	const installed = await askGo("go");
	if (installed) return installed;
	const { GOPROXY, GOMODCACHE, GOPATH } = process.env;
	const own = {
		GOPROXY: GOPROXY ?? "",
		GOMODCACHE: GOMODCACHE || join(GOPATH || join(homedir(), "go"), "pkg/mod"),
	};
	if (own.GOPROXY) return own;
	try {
		const folder = await provideGo(say);
		const provided = folder && (await askGo(join(folder, "go")));
		return (
			provided || {
				...own,
				trouble:
					"no module proxy is known: no Go is installed, and GOPROXY is not set",
			}
		);
	} catch (error) {
		const why = messageOf(error).trim();
		return { ...own, trouble: `Go could not be downloaded: ${why}` };
	}
}

async function provideDebianGo(
	say: (line: string) => void,
): Promise<string | undefined> {
	return isDebian() ? downloadGo(say) : undefined;
}

/** @returns undefined if there is no such command, or it cannot tell */
async function askGo(command: string): Promise<GoSettings | undefined> {
	const { stdout = "", exitCode } = await execa(
		command,
		["env", "-json", "GOPROXY", "GOMODCACHE"],
		{ reject: false },
	);
	return exitCode === 0 ? goSettings.parse(JSON.parse(stdout)) : undefined;
}
