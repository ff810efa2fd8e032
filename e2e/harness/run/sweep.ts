import { setTimeout as pause } from "node:timers/promises";
import type Dockerode from "dockerode";
import { whenAborted } from "../../common/background.ts";
import { budgets } from "../../common/budgets.ts";
import { messageOf, SetUpError } from "../../common/errors.ts";
import { tidyUpLimit } from "../../common/interruption.ts";
import { labels } from "../../common/labels.ts";
import { findEngineId } from "../docker/connection.ts";
import { dockerStatusOf } from "../docker/docker.ts";
import { forgetAllBut, forgetKept, isKeptInUse } from "./kept.ts";
import { isAlive, owner } from "./run.ts";
import { makeStallWatch } from "./stall-watch.ts";
import {
	findPartialImages,
	removePartialFiles,
	removeRoots,
	removeTempFiles,
	whenNobodyBuilds,
} from "./sweep-files.ts";

const pauseBetweenPasses = 500;

/**
 * Removes all containers, networks and volumes of a run, in passes until none is left: what was just being created in one
 * pass is found in the next. `eventually` does not fit, because it gives up when the run is interrupted.
 *
 * @param overdue aborted when it has taken too long
 * @param isStuck whether to give up after a pass that found so much
 * @throws SetUpError with what is left then, also if the engine does not answer any more
 */
export async function removeRun(
	docker: Dockerode,
	runId: string,
	overdue: AbortSignal = removalLimit(),
	isStuck: (left: number) => boolean = () => false,
): Promise<void> {
	let pass: Pass = { left: ["containers, networks and volumes"], refusals: [] };
	const passes = async () => {
		for (let count = 0; !overdue.aborted; count++) {
			if (count > 1) await pause(pauseBetweenPasses);
			pass = await removeOnce(docker, runId);
			if (pass.left.length === 0 || isStuck(pass.left.length)) return;
		}
	};
	await Promise.race([passes(), whenAborted(overdue)]);
	const { left, refusals } = pass;
	if (left.length > 0)
		throw new SetUpError(
			`${left.join(", ")} of run ${runId} could not be removed in time: ${[...new Set(refusals)].join("; ") || "something else uses them, or the engine hangs"}`,
		);
}

/** Aborted when removing a run has taken too long; of a process that was asked to stop, whatever the patience is. */
export function removalLimit(): AbortSignal {
	return AbortSignal.any([AbortSignal.timeout(budgets.removal), tidyUpLimit]);
}

/** What one pass found, by its names, and why the engine did not remove some of it. */
interface Pass {
	readonly left: readonly string[];
	readonly refusals: readonly string[];
}

async function removeOnce(docker: Dockerode, runId: string): Promise<Pass> {
	const filters = { label: [`${labels.run}=${runId}`] };
	const { containers, networks, volumes } = await listResources(
		docker,
		filters,
	);
	const first = await Promise.all(
		containers.map(({ Id }) =>
			whyNotRemoved(docker.getContainer(Id).remove({ force: true, v: true })),
		),
	);
	const second = await Promise.all([
		...networks.map(({ Id }) => whyNotRemoved(docker.getNetwork(Id).remove())),
		...volumes.map(({ Name: name }) =>
			whyNotRemoved(docker.getVolume(name).remove()),
		),
	]);
	return {
		left: [
			...containers.map(({ Names: [name], Id }) => name?.slice(1) ?? Id),
			...networks.map(({ Name: name }) => name),
			...volumes.map(({ Name: name }) => name),
		],
		refusals: [...first, ...second].flatMap((each) => each ?? []),
	};
}

/** What a sweep did with the runs in the engine; each is named by its id. */
export interface SweepResult {
	readonly removed: readonly string[];
	/** Sentences about what could not be removed. */
	readonly problems: readonly string[];
	/** Runs of this user whose processes are alive. */
	readonly alive: readonly string[];
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
	const alive: string[] = [];
	const { own: runs, others } = await listRuns(docker);
	for (const [runId, isKept] of runs) {
		if (await isAlive(runId)) {
			alive.push(runId);
			continue;
		}
		if (isKept && (!keptToo || (await isKeptInUse(runId)))) continue;
		try {
			// A run that starts waits for what goes, because it needs the memory, and not for what does not.
			const isStuck = keptToo ? undefined : makeStallWatch(budgets.leftover);
			await removeRun(docker, runId, removalLimit(), isStuck);
		} catch (error) {
			problems.push(messageOf(error));
			continue;
		}
		await forgetKept(runId);
		runs.delete(runId);
		removed.push(runId);
	}
	// None of this may keep a run from starting.
	for (const tidy of [
		async () => forgetAllBut(new Set(runs.keys()), await findEngineId()),
		() => removePushNames(docker),
		() => whenNobodyBuilds(() => removePartialImages(docker)),
		() => removeTempFiles(),
		() => removeRoots(),
		() => removePartialFiles(),
	])
		try {
			await tidy();
		} catch (error) {
			problems.push(messageOf(error));
		}
	return { removed, problems, alive, others };
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
			await whyNotRemoved(docker.getImage(name).remove({ noprune: true }));
	}
}

/** Removes images that an interrupted build has imported, and not given their own name yet. */
async function removePartialImages(docker: Dockerode): Promise<void> {
	const filters = { label: [labels.provenance] };
	const images = await docker.listImages({ filters });
	for (const name of findPartialImages(images, Date.now()))
		await whyNotRemoved(docker.getImage(name).remove({ noprune: true }));
}

/** Whether a run has containers, networks or volumes, whoever's it is. */
export async function isThere(
	docker: Dockerode,
	runId: string,
): Promise<boolean> {
	const { own, others } = await listRuns(docker);
	return own.has(runId) || others.includes(runId);
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

/** Docker's statuses for what does not exist, or is being removed or still used: the next pass shows whether it is left. */
const unremovable: readonly unknown[] = [404, 409, 403];

/**
 * Why the engine did not remove something, such as a device that is busy for a moment: the next pass tries again.
 *
 * @throws what says that the engine did not answer
 */
async function whyNotRemoved(
	removal: Promise<unknown>,
): Promise<string | undefined> {
	try {
		await removal;
		return undefined;
	} catch (error) {
		const status = dockerStatusOf(error);
		if (status === undefined) throw error;
		return unremovable.includes(status) ? undefined : messageOf(error);
	}
}
