import { partition } from "es-toolkit";
import { BadInputError, messageOf } from "../common/errors.ts";
import { stopSignal } from "../common/interruption.ts";
import type { Progress } from "../common/progress.ts";
import {
	type Claim,
	type ClaimSet,
	explainMissing,
	findMissing,
} from "../harness/claims/catalogue.ts";
import { withRun } from "../harness/run/with-run.ts";
import type { FreshEnvironment } from "../harness/set-up/fresh-environment.ts";
import { materialOptions } from "../harness/set-up/homelab-materials.ts";
import type { SetUpOptions } from "../harness/set-up/options.ts";
import { setUpWithEvidence } from "../harness/set-up/set-up-with-evidence.ts";
import { type Mutation, mustRefute } from "./catalogue.ts";
import { concludeTrial } from "./conclude.ts";
import { healthyValuesFiles } from "./healthy.ts";
import { claimsThatNotice } from "./readers.ts";
import {
	folderOfTrial,
	nameOfTrial,
	type Trial,
	wantsFreshCluster,
} from "./trial.ts";
import type { TrialQueue } from "./trial-queue.ts";
import { type Findings, testOn, tryOut } from "./try-out.ts";
import type { Verdicts } from "./verdicts.ts";

/** What all clusters share. */
export interface Shared {
	readonly setUp: SetUpOptions;
	readonly reportDir: string;
	readonly queue: TrialQueue;
	readonly verdicts: Verdicts;
	readonly catalogue: Readonly<Record<ClaimSet, readonly Claim[]>>;
}

/**
 * Takes trials from the queue until it is empty, on one cluster after the other: a cluster is left when nothing is there
 * that may be tried on a used one, or when it is broken.
 *
 * @throws whatever fails apart from a trial, after no more can be taken from the queue
 */
export async function tryOnClusters(
	shared: Shared,
	progress: Progress,
): Promise<void> {
	const { queue } = shared;
	let failures = 0;
	for (
		let trial = queue.take(false);
		trial && !stopSignal.aborted;
		trial = queue.take(false)
	) {
		try {
			await tryOnCluster(trial, shared, progress);
			failures = 0;
		} catch (error) {
			failures += 1;
			// One cluster that does not start must not end a run of hours.
			const hopeless = error instanceof BadInputError || failures > 1;
			if (stopSignal.aborted || hopeless) {
				queue.close();
				throw error;
			}
			progress.say(`a new cluster is started, because: ${messageOf(error)}`);
		}
	}
}

/** Sets up a cluster and tries on it what may be tried on it. */
async function tryOnCluster(
	first: Trial,
	shared: Shared,
	progress: Progress,
): Promise<void> {
	const { queue, setUp, reportDir } = shared;
	let begun = false;
	const work = withRun(progress, async ({ engine, run }) => {
		const values =
			first.kind === "healthy" ? healthyValuesFiles(first.members) : [];
		const materials = await materialOptions({
			...setUp,
			values: [...setUp.values, ...values],
		});
		const start = () =>
			setUpWithEvidence(
				engine,
				run,
				{ materials, reportDir, refusalsGoOn: true },
				progress,
			);
		if (first.kind === "healthy") {
			begun = true;
			await tryHealthy(first, start, shared, progress);
			return;
		}
		const started = await start();
		begun = true;
		for (
			let trial: Trial | undefined = first;
			trial && !stopSignal.aborted;
			trial = queue.take(true)
		) {
			const broken = await tryMutations(trial, started, shared, progress);
			if (!broken) continue;
			progress.say(`the cluster is replaced by a fresh one: ${broken}`);
			return;
		}
	});
	await work.catch((error: unknown) => {
		if (!begun) queue.add([first]);
		throw error;
	});
}

async function tryHealthy(
	trial: Trial,
	start: () => Promise<FreshEnvironment>,
	shared: Shared,
	progress: Progress,
): Promise<void> {
	announce(trial, shared, progress);
	const tested = {
		set: "claims",
		claims: [],
		folder: folderOfTrial(trial),
	} as const;
	const began = performance.now();
	const findings = await start()
		.then((started) => testOn(started, tested, progress))
		.catch((error: unknown): Findings => {
			// The values may be the reason.
			if (stopSignal.aborted) throw error;
			return { results: [], failure: messageOf(error) };
		});
	await concludeTrial(trial, findings, secondsSince(began), shared);
}

/** @returns why the cluster cannot be used any more, if so */
async function tryMutations(
	trial: Trial,
	started: FreshEnvironment,
	shared: Shared,
	progress: Progress,
): Promise<string | undefined> {
	if (trial.kind === "healthy") throw new Error("it wants a fresh cluster");
	const { catalogue, verdicts } = shared;
	const claims = catalogue[trial.kind];
	const [possible, others] = partition(
		trial.members,
		(each) => missingFor(each, claims, started).length === 0,
	);
	for (const each of others) {
		const missing = missingFor(each, claims, started);
		await verdicts.add({
			id: each.id,
			kind: trial.kind,
			mustRefute: mustRefute(each),
			outcome: "not tried",
			message: explainMissing(missing),
			seconds: 0,
			together: [],
			report: "",
			missing,
		});
	}
	if (possible.length === 0) return undefined;
	const tried: Trial = {
		...trial,
		members: possible.map((each) => ({
			...each,
			alsoRefutes: each.alsoRefutes.filter((id) =>
				canTest(id, claims, started),
			),
		})),
	};
	announce(tried, shared, progress);
	const began = performance.now();
	const findings = await tryOut(
		tried.members,
		{
			set: trial.kind,
			claims: claimsFor(tried, claims),
			folder: folderOfTrial(tried),
		},
		started,
		progress,
	);
	await concludeTrial(tried, findings, secondsSince(began), shared);
	const left = "what was tried on it stays in force until it is gone";
	return findings.broken ?? (wantsFreshCluster(tried) ? left : undefined);
}

/** One fault takes minutes, all of them more than a quarter of an hour: only those that must be refuted are tested. */
function claimsFor(trial: Trial, claims: readonly Claim[]): string[] {
	if (trial.kind === "healthy") return [];
	const ids = claims.map(({ id }) => id);
	const noticed = trial.members.flatMap((each) =>
		trial.kind === "faults" ? mustRefute(each) : claimsThatNotice(each, ids),
	);
	return [...new Set(noticed)];
}

/** Whether this environment has what a claim needs. */
function canTest(
	id: string,
	claims: readonly Claim[],
	{ environment }: FreshEnvironment,
): boolean {
	const claim = claims.find((each) => each.id === id);
	return !claim || findMissing(claim, environment).length === 0;
}

/** What a mutation's claim needs and this environment does not have. */
function missingFor(
	mutation: Mutation,
	claims: readonly Claim[],
	{ environment }: FreshEnvironment,
) {
	const claim = claims.find(({ id }) => id === mutation.claim);
	return claim ? findMissing(claim, environment) : [];
}

function announce(trial: Trial, { queue }: Shared, progress: Progress): void {
	const what = trial.kind === "healthy" ? "healthy" : "mutation";
	progress.say(
		`${what} ${nameOfTrial(trial)}; ${queue.length} more trials after it`,
	);
}

function secondsSince(began: number): number {
	return (performance.now() - began) / 1000;
}
