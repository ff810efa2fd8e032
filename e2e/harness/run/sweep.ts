import { readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type Dockerode from "dockerode";
import { budgets } from "../../common/budgets.ts";
import { SetUpError } from "../../common/errors.ts";
import { labels } from "../../common/labels.ts";
import { dockerStatusOf } from "../docker/docker.ts";
import { forgetAllBut, forgetKept, isKeptInUse } from "./kept.ts";
import { isAlive, owner, tempPrefix } from "./run.ts";

const pauseBetweenPasses = 500;

/**
 * Removes all containers, networks and volumes of a run, in passes until none is left: what was just being created in one
 * pass is found in the next. `eventually` does not fit, because it gives up when the run is interrupted.
 *
 * @throws SetUpError with what is left if nothing more can be removed
 */
export async function removeRun(
	docker: Dockerode,
	runId: string,
): Promise<void> {
	const filters = { label: [`${labels.run}=${runId}`] };
	let fewest = Number.POSITIVE_INFINITY;
	let progressed = performance.now();
	for (let pass = 0; ; pass++) {
		const { containers, networks, volumes } = await listResources(
			docker,
			filters,
		);
		const left = [
			...containers.map(({ Names: [name], Id }) => name ?? Id),
			...networks.map(({ Name: name }) => name),
			...volumes.map(({ Name: name }) => name),
		];
		if (left.length === 0) return;
		if (left.length < fewest) {
			fewest = left.length;
			progressed = performance.now();
		}
		if (performance.now() - progressed > budgets.removal)
			throw new SetUpError(
				`${left.join(", ")} of run ${runId} could not be removed: something else uses it`,
			);
		if (pass > 1) await pause(pauseBetweenPasses);
		await Promise.all(
			containers.map(({ Id }) =>
				unlessGone(docker.getContainer(Id).remove({ force: true, v: true })),
			),
		);
		await Promise.all([
			...networks.map(({ Id }) => unlessGone(docker.getNetwork(Id).remove())),
			...volumes.map(({ Name: name }) =>
				unlessGone(docker.getVolume(name).remove()),
			),
		]);
	}
}

/**
 * Removes what dead runs of this user on this machine have left behind.
 *
 * @param keptToo whether to remove kept clusters, too, unless a run uses them
 * @returns the ids of the removed runs
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
 * Removes the names that images have only because they were pushed to, or pulled from, the registry of a run, if that
 * registry does not run any more.
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
			await unlessGone(docker.getImage(name).remove({ noprune: true }));
	}
}

/** This owner's runs that have Docker resources, and whether each is kept. */
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

/** Docker's statuses for what does not exist, or is being removed or still used: the next pass shows whether it is left. */
const unremovable: readonly unknown[] = [404, 409, 403];

async function unlessGone(removal: Promise<unknown>): Promise<void> {
	try {
		await removal;
	} catch (error) {
		if (!unremovable.includes(dockerStatusOf(error))) throw error;
	}
}
