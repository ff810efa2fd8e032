import { join } from "node:path";
import Table from "cli-table3";
import { countBy, sortBy } from "es-toolkit";
import { writeReportFile } from "../common/output/report-file.ts";
import type { Progress } from "../common/progress.ts";
import { cleanAll, cutAfter } from "../common/secrecy/redact.ts";
import { isRight, outcomes, type TriedOutcome, type Verdict } from "./judge.ts";
import type { Trial } from "./trial.ts";

/** What became of a mutation or a healthy variation; an entry of mutations.json. */
export interface Tried extends Verdict {
	readonly id: string;
	readonly kind: Trial["kind"];
	/** The claims that had to be refuted; empty for a healthy variation. */
	readonly mustRefute: readonly string[];
	/** Until the claim was refuted, or until every claim was proven. */
	readonly seconds: number;
	/** What was in force with it. */
	readonly together: readonly string[];
	/** The folder of the trial's report. */
	readonly report: string;
	/** What its claim needs and this run does not have. */
	readonly missing: readonly string[];
}

export const verdictsFile = "mutations.json";

/** Of a message in the table. */
const longest = 400;
const omission = `... (the rest is in ${verdictsFile})`;

/** Collects verdicts, and keeps mutations.json up to date, so that an interruption costs nothing of it. */
export class Verdicts {
	readonly #all: Tried[] = [];
	readonly #progress: Progress;
	readonly #dir: string;
	/** How many there will be. */
	readonly #expected: number;

	constructor(progress: Progress, dir: string, expected: number) {
		this.#progress = progress;
		this.#dir = dir;
		this.#expected = expected;
	}

	async add(raw: Tried): Promise<void> {
		const tried = cleanAll(raw);
		this.#all.push(tried);
		const { kind, id, outcome, message } = tried;
		const what = kind === "healthy" ? "healthy" : "mutation";
		this.#progress.say(
			`${what} ${id}: ${outcome}${isRight(outcome) && outcome !== "not tried" ? "" : `: ${message}`}`,
		);
		const contents = {
			startedAt: this.#progress.startedAt.toISOString(),
			seconds: this.#seconds(),
			expected: this.#expected,
			tried: this.#all,
		};
		await writeReportFile(
			join(this.#dir, verdictsFile),
			`${JSON.stringify(contents, null, 2)}\n`,
		);
	}

	/** Whether all were tried, and each is as it must be. */
	get allRight(): boolean {
		return (
			this.#all.length === this.#expected &&
			this.#all.every(({ outcome }) => isRight(outcome))
		);
	}

	/** Whether there is a verdict on any of them. */
	get any(): boolean {
		return this.#all.some(({ outcome }) => outcome !== "not tried");
	}

	render(): string {
		return `${renderTable(this.#all)}\n${summarize(this.#all, this.#expected)} in ${this.#seconds()} s`;
	}

	#seconds(): number {
		return Math.round((Date.now() - this.#progress.startedAt.getTime()) / 1000);
	}
}

function renderTable(all: readonly Tried[]): string {
	const table = new Table({
		head: ["mutation", "must refute", "outcome", "time"],
		style: { head: [], border: [] },
		wordWrap: true,
		colWidths: [32, 22, 66, 9],
	});
	// What a person has to look at is next to the summary.
	const sorted = sortBy(all, [({ outcome }) => !isRight(outcome)]);
	for (const { id, mustRefute, outcome, message, together, seconds } of sorted)
		table.push([
			id,
			mustRefute.join(", ") || "no claim: it is healthy",
			[
				isRight(outcome) && together.length > 0
					? `${outcome}, with ${together.length} more in force`
					: outcome,
				...(isRight(outcome) && outcome !== "not tried"
					? []
					: [cutAfter(message, longest, omission)]),
			].join(": "),
			`${seconds.toFixed(0)} s`,
		]);
	return table.toString();
}

/** e.g. `133 of 135 as expected: 110 caught, 2 missed, 23 proven` */
export function summarize(
	all: readonly Pick<Tried, "outcome">[],
	expected: number,
): string {
	const counts: Partial<Record<TriedOutcome, number>> = countBy(
		all,
		({ outcome }) => outcome,
	);
	const right = (counts.caught ?? 0) + (counts.proven ?? 0);
	const always: readonly TriedOutcome[] = ["caught", "missed", "false alarm"];
	const parts = outcomes.flatMap((outcome) => {
		const count = counts[outcome] ?? 0;
		return count > 0 || always.includes(outcome)
			? [
					`${count} ${outcome}${outcome === "false alarm" && count !== 1 ? "s" : ""}`,
				]
			: [];
	});
	return `${right} of ${expected} as expected: ${parts.join(", ")}`;
}
