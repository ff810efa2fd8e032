import { once } from "node:events";
import { readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type Dockerode from "dockerode";
import { budgets } from "../../common/budgets.ts";
import { messageOf, SetUpError } from "../../common/errors.ts";
import { labels } from "../../common/labels.ts";
import { findEngineId } from "../docker/connection.ts";
import { dockerStatusOf } from "../docker/docker.ts";
import { forgetAllBut, forgetKept, isKeptInUse } from "./kept.ts";
import { isAlive, owner, tempPrefix } from "./run.ts";

const pauseBetweenPasses = 500;

/**
 * Removes all containers, networks and volumes of a run, in passes until none is left: what was just being created in one
 * pass is found in the next. `eventually` does not fit, because it gives up when the run is interrupted.
 *
 * @param overdue aborted when it has taken too long
 * @throws SetUpError with what is left then, also if the engine does not answer any more
 */
export async function removeRun(
	docker: Dockerode,
	runId: string,
	overdue: AbortSignal = removalLimit(),
): Promise<void> {
	let left = ["containers, networks and volumes"];
	const passes = async () => {
		for (let pass = 0; !overdue.aborted; pass++) {
			if (pass > 1) await pause(pauseBetweenPasses);
			left = await removeOnce(docker, runId);
			if (left.length === 0) return;
		}
	};
	await Promise.race([passes(), aborted(overdue)]);
	if (left.length > 0)
		throw new SetUpError(
			`${left.join(", ")} of run ${runId} could not be removed in time: something else uses them, or the engine hangs`,
		);
}

async function aborted(signal: AbortSignal): Promise<void> {
	if (!signal.aborted) await once(signal, "abort");
}

/** Aborted when removing a run has taken too long. */
export function removalLimit(): AbortSignal {
	return AbortSignal.timeout(Math.ceil(budgets.removal));
}

/** Makes one pass. @returns the names of what it found */
async function removeOnce(docker: Dockerode, runId: string): Promise<string[]> {
	const filters = { label: [`${labels.run}=${runId}`] };
	const { containers, networks, volumes } = await listResources(
		docker,
		filters,
	);
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
	return [
		...containers.map(({ Names: [name], Id }) => name?.slice(1) ?? Id),
		...networks.map(({ Name: name }) => name),
		...volumes.map(({ Name: name }) => name),
	];
}

/** What a sweep did with the runs in the engine; each is named by its id. */
export interface SweepResult {
	readonly removed: readonly string[];
	/** Sentences about what could not be removed. */
	readonly problems: readonly string[];
	/** Runs of other users, machines or folders, which only their owner can tell dead or alive. */
	readonly others: readonly string[];
}

/**
 * Removes what dead runs of this user on this machine have left behind.
 *
 * @param keptToo whether to remove kept clusters, too, unless a run uses them
 */
export async function sweep(
	docker: Dockerode,
	{ keptToo }: { keptToo: boolean },
): Promise<SweepResult> {
	const removed: string[] = [];
	const problems: string[] = [];
	const { own: runs, others } = await listRuns(docker);
	for (const [runId, isKept] of runs) {
		if (await isAlive(runId)) continue;
		if (isKept && (!keptToo || (await isKeptInUse(runId)))) continue;
		try {
			await removeRun(docker, runId);
		} catch (error) {
			problems.push(messageOf(error));
			continue;
		}
		await forgetKept(runId);
		runs.delete(runId);
		removed.push(runId);
	}
	await forgetAllBut(new Set(runs.keys()), await findEngineId());
	await removePushNames(docker);
	await removeTempFiles();
	return { removed, problems, others };
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

/** The runs that have Docker resources: this owner's, and whether each is kept; and the ids of all others. */
async function listRuns(
	docker: Dockerode,
): Promise<{ own: Map<string, boolean>; others: string[] }> {
	const { containers, networks, volumes } = await listResources(docker, {
		label: [labels.run],
	});
	const own = new Map<string, boolean>();
	const others = new Set<string>();
	for (const { Labels: all } of [...containers, ...networks, ...volumes]) {
		const id = all?.[labels.run];
		if (!id) continue;
		if (all[labels.owner] === owner)
			own.set(id, own.get(id) || labels.kept in all);
		else others.add(id);
	}
	return { own, others: [...others] };
}

async function listResources(docker: Dockerode, filters: { label: string[] }) {
	const [containers, networks, { Volumes: volumes }] = await Promise.all([
		docker.listContainers({ all: true, filters }),
		docker.listNetworks({ filters }),
		docker.listVolumes({ filters }),
	]);
	return { containers, networks, volumes: volumes ?? [] };
}

async function removeTempFiles(): Promise<void> {
	const names = await readdir(tmpdir());
	for (const name of names.filter((each) => each.startsWith(tempPrefix))) {
		const path = join(tmpdir(), name);
		const info = await stat(path).catch(() => undefined);
		if (info?.uid !== process.getuid?.()) continue;
		if (!(await isAlive(name.slice(tempPrefix.length).split(".")[0] ?? "")))
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
