import { range, sumBy } from "es-toolkit";
import { BadInputError } from "../common/errors.ts";
import { print } from "../common/output/terminal.ts";
import type { Progress } from "../common/progress.ts";
import { readClaims } from "../harness/claims/catalogue.ts";
import type { SetUpOptions } from "../harness/set-up/options.ts";
import { tryOnClusters } from "./cluster.ts";
import { PrefixedProgress } from "./prefixed-progress.ts";
import {
	planTrials,
	type Selection,
	type Shard,
	takeShard,
	takeTurns,
} from "./trial.ts";
import { TrialQueue } from "./trial-queue.ts";
import { Verdicts } from "./verdicts.ts";

export interface MutationRun {
	readonly setUp: SetUpOptions;
	readonly selection: Selection;
	/** Whether several mutations are applied at once. */
	readonly together: boolean;
	/** How many clusters there are at the same time. */
	readonly clusters: number;
	/** Which part of it is tried. */
	readonly shard: Shard;
	readonly reportDir: string;
}

/** Tries what is selected, and prints what became of it. */
export async function runMutations(
	{ setUp, selection, together, clusters, shard, reportDir }: MutationRun,
	progress: Progress,
): Promise<Verdicts> {
	const trials = takeTurns(takeShard(planTrials(selection, together), shard));
	if (trials.length === 0)
		throw new BadInputError(
			`--shard ${shard.index}/${shard.count}: there is nothing in it, because there are fewer trials than parts`,
		);
	const size = sumBy(trials, ({ members }) => members.length);
	const verdicts = new Verdicts(progress, reportDir, size);
	const queue = new TrialQueue(trials);
	const shared = {
		setUp,
		reportDir,
		queue,
		verdicts,
		catalogue: {
			claims: await readClaims("claims"),
			faults: await readClaims("faults"),
		},
	};
	const count = Math.min(clusters, trials.length);
	progress.say(
		`${size} in ${trials.length} trials, on ${count} ${count === 1 ? "cluster" : "clusters"}`,
	);
	const ends = await Promise.allSettled(
		range(count).map((i) =>
			tryOnClusters(
				shared,
				count === 1
					? progress
					: new PrefixedProgress(progress, `cluster ${i + 1}`),
			),
		),
	);
	// What was seen before an interruption is still true.
	print(verdicts.render());
	for (const end of ends) if (end.status === "rejected") throw end.reason;
	return verdicts;
}
