import { readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type Dockerode from "dockerode";
import { SetUpError } from "../../common/errors.ts";
import { labels } from "../../common/labels.ts";
import { forgetAllBut, forgetKept, isKeptInUse } from "./kept.ts";
import { isAlive, owner, tempPrefix } from "./run.ts";

const pauseBetweenPasses = 500;
/** Docker needs a moment to let go of what a container held; what is there after this many passes stays there. */
const passes = 20;

/**
 * Removes containers with their volumes, networks and volumes of one run, until none is left: what was under way
 * while one pass listed shows up in the next.
 *
 * @throws SetUpError naming what cannot be removed
 */
export async function removeRun(
	docker: Dockerode,
	runId: string,
): Promise<void> {
	const filters = { label: [`${labels.run}=${runId}`] };
	let left: string[] = [];
	for (let pass = 0; pass < passes; pass++) {
		const { containers, networks, volumes } = await listResources(
			docker,
			filters,
		);
		left = [
			...containers.map(({ Names: [name], Id }) => name ?? Id),
			...networks.map(({ Name: name }) => name),
			...volumes.map(({ Name: name }) => name),
		];
		if (left.length === 0) return;
		if (pass > 1) await pause(pauseBetweenPasses);
		await Promise.all(
			containers.map(({ Id }) =>
				gone(docker.getContainer(Id).remove({ force: true, v: true })),
			),
		);
		await Promise.all([
			...networks.map(({ Id }) => gone(docker.getNetwork(Id).remove())),
			...volumes.map(({ Name: name }) => gone(docker.getVolume(name).remove())),
		]);
	}
	throw new SetUpError(
		`of run ${runId} there is still ${left.join(", ")}: something else uses it`,
	);
}

/**
 * Removes what dead runs of this user on this machine left behind.
 *
 * @param keptToo remove kept clusters as well, unless a run is using them
 * @returns the runs that were removed
 */
export async function sweep(
	docker: Dockerode,
	{ keptToo }: { keptToo: boolean },
): Promise<string[]> {
	const removed: string[] = [];
	const runs = await ownRuns(docker);
	for (const [runId, isKept] of runs) {
		if (await isAlive(runId)) continue;
		if (isKept && (!keptToo || (await isKeptInUse(runId)))) continue;
		await removeRun(docker, runId);
		await forgetKept(runId);
		runs.delete(runId);
		removed.push(runId);
	}
	await forgetAllBut(new Set(runs.keys()));
	await removePushNames(docker);
	await removeTempDirs();
	return removed;
}

/**
 * Removes names that our images bear only while they are pushed to, or were pulled from, a run's own registry, where
 * that registry is gone.
 */
async function removePushNames(docker: Dockerode): Promise<void> {
	const running = await docker.listContainers();
	const ports = new Set(
		running.flatMap(({ Ports }) => Ports.map(({ PublicPort }) => PublicPort)),
	);
	const filters = { label: [labels.provenance] };
	const images = await docker.listImages({ filters });
	const names = images.flatMap(({ RepoTags: tags }) => tags ?? []);
	for (const name of names) {
		const port = /^localhost:(\d+)\//.exec(name)?.[1];
		if (port && !ports.has(Number(port)))
			await gone(docker.getImage(name).remove({ noprune: true }));
	}
}

/** This owner's runs that Docker has something of, and whether each is kept. */
async function ownRuns(docker: Dockerode): Promise<Map<string, boolean>> {
	const { containers, networks, volumes } = await listResources(docker, {
		label: [labels.run, `${labels.owner}=${owner}`],
	});
	const runs = new Map<string, boolean>();
	for (const { Labels: own } of [...containers, ...networks, ...volumes]) {
		const id = own?.[labels.run];
		if (id) runs.set(id, runs.get(id) || labels.kept in own);
	}
	return runs;
}

async function listResources(docker: Dockerode, filters: { label: string[] }) {
	const [containers, networks, { Volumes: volumes }] = await Promise.all([
		docker.listContainers({ all: true, filters }),
		docker.listNetworks({ filters }),
		docker.listVolumes({ filters }),
	]);
	return { containers, networks, volumes: volumes ?? [] };
}

async function removeTempDirs(): Promise<void> {
	const names = await readdir(tmpdir());
	for (const name of names.filter((each) => each.startsWith(tempPrefix))) {
		const path = join(tmpdir(), name);
		const info = await stat(path).catch(() => undefined);
		if (info?.uid !== process.getuid?.()) continue;
		if (!(await isAlive(name.slice(tempPrefix.length))))
			await rm(path, { recursive: true, force: true });
	}
}

/** Being gone already, or being removed by somebody else, is as good as removed. */
async function gone(removal: Promise<unknown>): Promise<void> {
	try {
		await removal;
	} catch (error) {
		const status =
			error instanceof Error && "statusCode" in error ? error.statusCode : 0;
		if (status !== 404 && status !== 409 && status !== 403) throw error;
	}
}
