import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type Dockerode from "dockerode";
import { getContainerRuntimeClient } from "testcontainers";
import { SetUpError } from "../../common/errors.ts";
import { canSetUpEngine, startDebianEngine } from "./debian-engine.ts";

/** A Docker engine that answers. */
export interface Engine {
	readonly docker: Dockerode;
	/** The resources of the machine that the engine runs on. */
	readonly cpus: number;
	readonly memoryBytes: number;
}

/**
 * Connects to the Docker engine that testcontainers uses. If none answers, sets one up, which works on Debian as root.
 *
 * @param say prints a line for the person
 */
export async function connectEngine(
	say: (line: string) => void,
): Promise<Engine> {
	const running = await connectRunningEngine();
	if (running) return running;
	if (process.env.DOCKER_HOST) {
		throw new SetUpError(
			`no Docker engine answers at DOCKER_HOST (${process.env.DOCKER_HOST})`,
		);
	}
	if (!(await canSetUpEngine())) {
		throw new SetUpError(
			"no Docker engine answers: install one (docs.docker.com/engine/install), start it, and check that `docker ps` works for this user. On Debian 12 or newer, as root, one is set up automatically.",
		);
	}
	await startDebianEngine(say);
	const started = await connectRunningEngine();
	if (!started)
		throw new SetUpError("the Docker engine was started, but does not answer");
	return started;
}

/** Connects to a running Docker engine; undefined if none answers. */
export async function connectRunningEngine(): Promise<Engine | undefined> {
	// The harness removes its resources by their labels, see sweep.ts. Ryuk would need another image.
	process.env.TESTCONTAINERS_RYUK_DISABLED = "true";
	await fixHostDetection();
	const client = await getContainerRuntimeClient().catch(() => undefined);
	if (!client) return undefined;
	const docker = client.container.dockerode;
	const info: { NCPU: number; MemTotal: number } = await docker.info();
	return { docker, cpus: info.NCPU, memoryBytes: info.MemTotal };
}

/**
 * If /.dockerenv exists, testcontainers assumes that it runs in a container, and reaches published ports through the
 * bridge's gateway. Some virtual machines have that file although they are not containers.
 */
async function fixHostDetection(): Promise<void> {
	if (process.env.TESTCONTAINERS_HOST_OVERRIDE || process.env.DOCKER_HOST)
		return;
	if (!existsSync("/.dockerenv")) return;
	const init = await readFile("/proc/1/mountinfo", "utf8").catch(() => "");
	const rootIsOverlay = init
		.split("\n")
		.some((line) => line.split(" ")[4] === "/" && line.includes(" - overlay "));
	if (!rootIsOverlay) process.env.TESTCONTAINERS_HOST_OVERRIDE = "localhost";
}
