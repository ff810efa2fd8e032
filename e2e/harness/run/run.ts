import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { labels } from "../../common/labels.ts";
import { cacheRoot } from "../../common/paths.ts";
import type { Engine } from "../docker/engine.ts";

/** Identifies the folders that show which runs are alive or kept. A process with other folders cannot tell. */
export const ownerKey = createHash("sha256")
	.update(`${tmpdir()} ${cacheRoot}`)
	.digest("hex")
	.slice(0, 8);

/** Tells apart the Docker resources of several machines and users that share an engine. */
export const owner = [hostname(), userInfo().username, ownerKey].join("/");

/** One use of the harness, from its first Docker resource to its last. */
export interface Run {
	readonly id: string;
	/** The labels of every Docker resource of the run. */
	readonly labels: Readonly<Record<string, string>>;
	/** The folder for temporary files; removed when the run ends. */
	readonly tempDir: string;
	/** Closes the socket and removes the temporary files. */
	end(): Promise<void>;
}

/** Begins a run. Its sign of life is a socket that it listens on: however the process ends, it stops answering. */
export async function beginRun(): Promise<Run> {
	const id = randomBytes(4).toString("hex");
	const tempDir = tempDirOf(id);
	// A sweep must not find the folder without its socket.
	const prepared = join(tmpdir(), `o11y-e2e-new-${id}`);
	await mkdir(prepared, { mode: 0o700 });
	const server = await listen(join(prepared, signOfLife));
	await rename(prepared, tempDir);
	return {
		id,
		labels: makeRunLabels(id),
		tempDir,
		end: async () => {
			server.close();
			await rm(tempDir, { recursive: true, force: true });
		},
	};
}

/** Whether the process of a run is alive. */
export function isAlive(runId: string): Promise<boolean> {
	const socket = socketOf(runId);
	if (!existsSync(socket)) return Promise.resolve(false);
	return new Promise((resolve) => {
		const connection = connect(socket);
		connection.once("connect", () => {
			connection.destroy();
			resolve(true);
		});
		connection.once("error", () => resolve(false));
	});
}

/** The labels of every Docker resource of a run. */
export function makeRunLabels(runId: string): Readonly<Record<string, string>> {
	return { [labels.run]: runId, [labels.owner]: owner };
}

/** Docker's name of a container or volume of a run. @param part what it is, e.g. "registry" */
export function nameInRun(runId: string, part: string): string {
	return `o11y-e2e-${runId}-${part}`;
}

/** Docker's name of the network that a run's containers share. */
export function networkOf(runId: string): string {
	return `o11y-e2e-${runId}`;
}

/** Creates the network that a run's containers share, and returns its name. */
export async function createNetwork(
	{ docker }: Pick<Engine, "docker">,
	run: Run,
): Promise<string> {
	const name = networkOf(run.id);
	await docker.createNetwork({ Name: name, Labels: { ...run.labels } });
	return name;
}

/** The prefix of the runs' temporary folders. */
export const tempPrefix = "o11y-e2e-run-";

/** The path of a run's temporary folder. */
export function tempDirOf(runId: string): string {
	return join(tmpdir(), tempPrefix + runId);
}

const signOfLife = "alive";

function socketOf(runId: string): string {
	return join(tempDirOf(runId), signOfLife);
}

function listen(path: string): Promise<Server> {
	return new Promise((resolve, reject) => {
		const server = createServer((connection) => connection.end());
		server.once("error", reject);
		server.listen(path, () => {
			server.unref();
			resolve(server);
		});
	});
}
