import { createHash, randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { labels } from "../../common/labels.ts";
import { cacheRoot, useTempDir } from "../../common/paths.ts";
import type { Engine } from "../docker/engine.ts";
import { networkNamespace, showLife, showsLife } from "./sign-of-life.ts";

/** Identifies what shows which runs are alive or kept. A process that sees something else cannot tell. */
export const ownerKey = createHash("sha256")
	.update(`${tmpdir()} ${cacheRoot()} ${networkNamespace()}`)
	.digest("hex")
	.slice(0, 8);

/** Not every user has an entry in the list of users: a container may run as any number. */
function userName(): string {
	try {
		return userInfo().username;
	} catch {
		return `uid-${process.getuid?.()}`;
	}
}

/** Tells apart the Docker resources of several machines and users that share an engine. */
export const owner = [hostname(), userName(), ownerKey].join("/");

/** One use of the harness, from its first Docker resource to its last. */
export interface Run {
	readonly id: string;
	/** The labels of every Docker resource of the run. */
	readonly labels: Readonly<Record<string, string>>;
	/** The folder for temporary files; removed when the run ends. */
	readonly tempDir: string;
	/** Ends the sign of life and removes the temporary files. */
	end(): Promise<void>;
}

/** Begins a run. Its sign of life lasts as long as its process. */
export async function beginRun(): Promise<Run> {
	const id = randomBytes(4).toString("hex");
	const tempDir = tempDirOf(id);
	// A sweep must not find the folder without its sign of life.
	const server = await showLife(id, socketOf(id));
	await mkdir(tempDir, { mode: 0o700 });
	useTempDir(tempDir);
	return {
		id,
		labels: makeRunLabels(id),
		tempDir,
		end: async () => {
			await rm(tempDir, { recursive: true, force: true });
			server.close();
		},
	};
}

/** Whether the process of a run is alive. */
export function isAlive(runId: string): Promise<boolean> {
	return showsLife(runId, socketOf(runId));
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

/** The prefix of the runs' temporary folders. Those of other owners are not ours to remove. */
export const tempPrefix = `o11y-e2e-${ownerKey}-`;

/** The path of a run's temporary folder. */
export function tempDirOf(runId: string): string {
	return join(tmpdir(), tempPrefix + runId);
}

function socketOf(runId: string): string {
	return `${tempDirOf(runId)}.sock`;
}
