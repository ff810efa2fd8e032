import { readFile, statfs } from "node:fs/promises";
import { z } from "zod";
import { SetUpError } from "../../common/errors.ts";
import type { Engine } from "./engine.ts";

const GiB = 2 ** 30;

/** Bytes; undefined if it cannot be read from here, for example because the engine is on another machine. */
export interface Resources {
	readonly memory: number | undefined;
	readonly disk: number | undefined;
}

/**
 * Measured: 2.7 GiB of memory for four nodes with stack and addons, 1.8 GiB for this process with its claims; 4 GiB of
 * disk for images, the nodes' file systems and volumes.
 */
const needed = { memory: 5 * GiB, disk: 8 * GiB } as const;

/** Checks that there is enough memory and disk. @throws SetUpError with the figures */
export async function checkResources(engine: Engine): Promise<void> {
	const shortage = findShortage(await readResources(engine));
	if (shortage) throw new SetUpError(shortage);
}

/** Says with the figures what there is too little of; undefined if there is enough. */
export function findShortage(available: Resources): string | undefined {
	for (const kind of ["memory", "disk"] as const) {
		const have = available[kind];
		if (have !== undefined && have < needed[kind])
			return `too little ${kind}: ${gib(have)} available, ${gib(needed[kind])} needed`;
	}
	return undefined;
}

async function readResources({ docker }: Engine): Promise<Resources> {
	const info: unknown = await docker.info();
	const { DockerRootDir: dir } = z
		.object({ DockerRootDir: z.string() })
		.parse(info);
	const disk = await statfs(dir).catch(() => undefined);
	const meminfo = await readFile("/proc/meminfo", "utf8").catch(() => "");
	const kib = /^MemAvailable:\s+(\d+) kB/m.exec(meminfo)?.[1];
	return {
		memory: kib === undefined ? undefined : Number(kib) * 1024,
		disk: disk && disk.bavail * disk.bsize,
	};
}

function gib(bytes: number): string {
	return `${(bytes / GiB).toFixed(1)} GiB`;
}
