import Table from "cli-table3";
import { partition } from "es-toolkit";
import type { Progress } from "../common/progress.ts";
import {
	type Claim,
	type ClaimSet,
	explainMissing,
	findMissing,
	readClaims,
} from "../harness/claims/catalogue.ts";
import { withRun } from "../harness/run/with-run.ts";
import type { FreshEnvironment } from "../harness/set-up/fresh-environment.ts";
import { materialOptions } from "../harness/set-up/materials.ts";
import type { SetUpOptions } from "../harness/set-up/options.ts";
import { setUpWithEvidence } from "../harness/set-up/set-up-with-evidence.ts";
import type { Mutation } from "./catalogue.ts";
import { packTogether } from "./together.ts";
import { tryOut } from "./try-out.ts";

export interface MutationRun {
	readonly setUp: SetUpOptions;
	readonly set: ClaimSet;
	readonly mutations: readonly Mutation[];
	/** Whether several are applied at once. */
	readonly together: boolean;
	readonly reportDir: string;
}

/** Tries mutations on one cluster and prints their outcomes. @returns whether each refuted exactly the claims that it must */
export async function runMutations(
	asked: MutationRun,
	progress: Progress,
): Promise<boolean> {
	const { set, setUp, reportDir, mutations, together } = asked;
	const outcomes = new Outcomes(progress);
	const trials = withRun(progress, async ({ engine, run }) => {
		const session = { materials: await materialOptions(setUp), reportDir };
		const started = await setUpWithEvidence(engine, run, session, progress);
		const claims = await readClaims(set);
		const [possible, others] = partition(
			mutations,
			(each) => missingFor(each, claims, started).length === 0,
		);
		for (const each of others)
			outcomes.skip(each, explainMissing(missingFor(each, claims, started)));
		const queue = together
			? packTogether(possible)
			: possible.map((each) => [each]);
		await tryAll(queue, set, started, outcomes, progress);
	});
	// What was seen before an interruption is still true.
	await trials.finally(() => console.log(outcomes.render()));
	console.log(outcomes.summarize(mutations.length));
	return outcomes.missed === 0;
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

/** Tries groups in turn; the mutations of a group that fails are tried alone afterwards. */
async function tryAll(
	queue: Mutation[][],
	set: ClaimSet,
	started: FreshEnvironment,
	outcomes: Outcomes,
	progress: Progress,
): Promise<void> {
	for (const [i, group] of queue.entries()) {
		const names = group.map(({ id }) => id).join(" + ");
		progress.say(`mutation ${names}; ${queue.length - i - 1} more after it`);
		const began = performance.now();
		const flaw = await tryOut(group, set, started, progress);
		if (flaw && group.length > 1) {
			progress.say(`${flaw}: each is tried alone`);
			queue.push(...group.map((each) => [each]));
			continue;
		}
		outcomes.add(group, flaw, (performance.now() - began) / 1000);
	}
}

/** What became of each mutation. */
class Outcomes {
	missed = 0;
	#skipped = 0;
	readonly #progress: Progress;
	readonly #table = new Table({
		head: ["mutation", "must refute", "outcome", "time"],
		style: { head: [], border: [] },
		wordWrap: true,
		colWidths: [32, 20, 70, 9],
	});

	constructor(progress: Progress) {
		this.#progress = progress;
	}

	/** @param flaw what is wrong, if anything */
	add(
		group: readonly Mutation[],
		flaw: string | undefined,
		seconds: number,
	): void {
		if (flaw) this.missed += 1;
		const success =
			group.length > 1
				? `its claim was refuted in a group with ${group.length - 1} more`
				: "only its claim was refuted";
		for (const each of group) this.#note(each, flaw ?? success, seconds);
	}

	/** @param why its claim cannot be tested here */
	skip(mutation: Mutation, why: string): void {
		this.#skipped += 1;
		this.#note(mutation, `not tried: ${why}`, 0);
	}

	#note({ id, claim }: Mutation, outcome: string, seconds: number): void {
		this.#progress.say(`mutation ${id}: ${outcome}`);
		this.#table.push([id, claim, outcome, `${seconds.toFixed(0)} s`]);
	}

	render(): string {
		return this.#table.toString();
	}

	summarize(total: number): string {
		const passed = total - this.missed - this.#skipped;
		const skipped = this.#skipped > 0 ? `, ${this.#skipped} not tried` : "";
		return `${passed} of ${total} as expected${skipped}`;
	}
}
