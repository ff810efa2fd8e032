import { readFile, statfs } from "node:fs/promises";
import type { Engine } from "./engine/engine.ts";
import { SetUpError } from "./errors.ts";

const GiB = 2 ** 30;
/** Four nodes with the whole stack were measured at 1.2 GiB, builds at up to 2 GiB beside them. */
const neededMemory = 3 * GiB;
/** Images, node file systems and volumes; a build's caches come on top. */
const neededDisk = 8 * GiB;

/** Looks at memory and disk before anything starts. @throws SetUpError with the figures */
export async function checkResources({ docker }: Engine): Promise<void> {
	const available = await availableMemory();
	if (available !== undefined && available < neededMemory) {
		throw new SetUpError(
			`too little memory: ${gib(available)} available, ${gib(neededMemory)} needed`,
		);
	}
	const { DockerRootDir: dir } = (await docker.info()) as {
		DockerRootDir: string;
	};
	// An engine on another machine has its own disk, which cannot be looked at from here.
	const disk = await statfs(dir).catch(() => undefined);
	const free = disk && disk.bavail * disk.bsize;
	if (free !== undefined && free < neededDisk) {
		throw new SetUpError(
			`too little disk: ${gib(free)} free in ${dir}, ${gib(neededDisk)} needed`,
		);
	}
}

async function availableMemory(): Promise<number | undefined> {
	const text = await readFile("/proc/meminfo", "utf8").catch(() => "");
	const kib = /^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1];
	return kib === undefined ? undefined : Number(kib) * 1024;
}

function gib(bytes: number): string {
	return `${(bytes / GiB).toFixed(1)} GiB`;
}
