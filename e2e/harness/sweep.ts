import { readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Dockerode from "dockerode";
import { forgetKept, isKept, isKeptInUse } from "./kept.ts";
import { labels } from "./labels.ts";
import { isAlive, owner, tempPrefix } from "./run.ts";

/** Removes containers with their volumes, networks and volumes of one run, until none is left. */
export async function removeRun(
	docker: Dockerode,
	runId: string,
): Promise<number> {
	const filters = { label: [`${labels.run}=${runId}`] };
	let removed = 0;
	// What was under way while the first pass listed shows up in the next.
	for (;;) {
		const [containers, networks, { Volumes: volumes }] = await Promise.all([
			docker.listContainers({ all: true, filters }),
			docker.listNetworks({ filters }),
			docker.listVolumes({ filters }),
		]);
		const found = containers.length + networks.length + (volumes?.length ?? 0);
		if (found === 0) return removed;
		removed += found;
		await Promise.all(
			containers.map(({ Id }) =>
				gone(docker.getContainer(Id).remove({ force: true, v: true })),
			),
		);
		await Promise.all([
			...networks.map(({ Id }) => gone(docker.getNetwork(Id).remove())),
			...(volumes ?? []).map(({ Name }) =>
				gone(docker.getVolume(Name).remove()),
			),
		]);
	}
}

/**
 * Removes what dead runs of this user on this machine left behind.
 *
 * @param whose an owner, where it is not this user on this machine
 * @param keptToo remove kept clusters as well, unless a run is using them
 * @returns the runs that were removed
 */
export async function sweep(
	docker: Dockerode,
	{ keptToo, whose = owner }: { keptToo: boolean; whose?: string },
): Promise<string[]> {
	const removed: string[] = [];
	let alive = false;
	for (const runId of await runsOf(docker, whose)) {
		if (await isAlive(runId)) {
			alive = true;
			continue;
		}
		if (isKept(runId) && (!keptToo || (await isKeptInUse(runId)))) continue;
		await removeRun(docker, runId);
		await forgetKept(runId);
		removed.push(runId);
	}
	await removeTempDirs();
	if (!alive) await removePushNames(docker);
	return removed;
}

/** Names that our images bear only while they are pushed to, or were pulled from, a run's own registry. */
async function removePushNames(docker: Dockerode): Promise<void> {
	const filters = { label: [labels.provenance] };
	const images = await docker.listImages({ filters });
	const names = images.flatMap(({ RepoTags: tags }) => tags ?? []);
	for (const name of names.filter((each) => each.startsWith("localhost:")))
		await gone(docker.getImage(name).remove({ noprune: true }));
}

async function runsOf(docker: Dockerode, whose: string): Promise<Set<string>> {
	const filters = { label: [labels.run, `${labels.owner}=${whose}`] };
	const [containers, networks, { Volumes: volumes }] = await Promise.all([
		docker.listContainers({ all: true, filters }),
		docker.listNetworks({ filters }),
		docker.listVolumes({ filters }),
	]);
	const ids = [...containers, ...networks, ...(volumes ?? [])].map(
		(each) => each.Labels?.[labels.run],
	);
	return new Set(ids.filter((id) => id !== undefined));
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
