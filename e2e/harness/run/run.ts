import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { labels } from "../../common/labels.ts";
import { cacheRoot } from "../../common/paths.ts";
import type { Engine } from "../docker/engine.ts";

/** A key of the folders that tell whether a run is alive or kept: whoever looks elsewhere can judge neither. */
export const ownerKey = createHash("sha256")
	.update(`${tmpdir()} ${cacheRoot}`)
	.digest("hex")
	.slice(0, 8);

/** Whose Docker resources these are, where several machines or users share an engine. */
export const owner = [hostname(), userInfo().username, ownerKey].join("/");

/** One use of the harness, from its first Docker resource to its last. */
export interface Run {
	readonly id: string;
	/** On every Docker resource of the run. */
	readonly labels: Readonly<Record<string, string>>;
	/** Where temporary files go; removed with the run. */
	readonly tempDir: string;
	/** Lets go of the sign of life and removes the temporary files. */
	end(): Promise<void>;
}

/** Begins a run. Its sign of life is a socket that it holds: gone with the process, however that ends. */
export async function beginRun(): Promise<Run> {
	const id = randomBytes(4).toString("hex");
	const tempDir = tempDirOf(id);
	// No sweep may meet the folder without its sign of life.
	const prepared = join(tmpdir(), `o11y-e2e-new-${id}`);
	await mkdir(prepared, { mode: 0o700 });
	const server = await listen(join(prepared, signOfLife));
	await rename(prepared, tempDir);
	return {
		id,
		labels: { [labels.run]: id, [labels.owner]: owner },
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

/** Docker's name of the network that a run's containers share. */
export function networkOf(runId: string): string {
	return `o11y-e2e-${runId}`;
}

/** Makes the network that a run's containers share, and returns its name. */
export async function createNetwork(
	{ docker }: Pick<Engine, "docker">,
	run: Run,
): Promise<string> {
	const name = networkOf(run.id);
	await docker.createNetwork({ Name: name, Labels: { ...run.labels } });
	return name;
}

/** The prefix of temporary folders of this user's runs. */
export const tempPrefix = "o11y-e2e-run-";

/** Where a run keeps its temporary files. */
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
