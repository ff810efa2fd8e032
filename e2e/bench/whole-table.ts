import Table from "cli-table3";
import { groupBy, sumBy } from "es-toolkit";
import { findCriticalPath, type Phase } from "../common/critical-path.ts";
import { showRatio, showSpread } from "./spread.ts";
import type { WholeRun } from "./whole-run.ts";

/** What was measured, in seconds, a figure for each round. */
export interface Timed {
	readonly floor: readonly number[];
	readonly fourNodes: readonly number[];
	/** Whole runs of this checkout; empty if none were timed. */
	readonly here: readonly WholeRun[];
	/** Those of another checkout. */
	readonly there: readonly WholeRun[];
}

/** The other checkout's column. */
const otherColumn = "there, s";

/** Renders the table, and below it a line for each run whose time does not count. @param against the other checkout's folder */
export function renderTimed(timed: Timed, against: string | undefined): string {
	const other = against ? [otherColumn, "here / there"] : [];
	const table = new Table({
		head: ["", against ? "here, s" : "s", "ratio to floor", ...other],
		style: { head: [], border: [] },
	});
	table.push(...makeTimedRows(timed, against !== undefined));
	return [
		table.toString(),
		...(against ? [`there: ${against}`] : []),
		...listFailures("here", timed.here),
		...listFailures("there", timed.there),
	].join("\n");
}

/** The rows of the table, without its head. @param both whether there is another checkout */
export function makeTimedRows(timed: Timed, both: boolean): string[][] {
	const { floor, fourNodes } = timed;
	const here = timed.here.filter(({ isProven }) => isProven);
	const there = timed.there.filter(({ isProven }) => isProven);
	const ofOther = (...cells: string[]) => (both ? cells : []);
	const row = (name: string, own: number[], others: number[] = []) => [
		name,
		showPart(own, here.length),
		showRatio(own, floor),
		...ofOther(showPart(others, there.length), showRatio(own, others)),
	];
	const single = (name: string, figures: readonly number[]) => [
		...[name, showSpread(figures, 1), showRatio(figures, floor)],
		...ofOther("", ""),
	];
	const rowsOf = (read: (run: WholeRun) => readonly Part[]) =>
		joinPhases(here.map(read), there.map(read)).map((phase) =>
			row(`  ${phase.name}`, phase.here, phase.there),
		);
	// An old checkout's runs do not say when their phases began.
	const hasPath = ({ phases }: WholeRun) => phases.length > 0;
	const [ours, theirs] = [here.filter(hasPath), there.filter(hasPath)];
	const rows = [
		single("floor: one server Ready", floor),
		single("four nodes Ready", fourNodes),
	];
	if (timed.here.length === 0) return rows;
	return [
		...rows,
		row("npm run e2e, whole", here.map(secondsOf), there.map(secondsOf)),
		[
			...["  proven", `${here.length} of ${timed.here.length}`, ""],
			...ofOther(`${there.length} of ${timed.there.length}`, ""),
		],
		...rowsOf(({ phases }) => phases),
		row("its critical path", ours.map(lengthOf), theirs.map(lengthOf)),
		...rowsOf(partsOf),
		[
			...["the whole, divided by it", showSpread(ours.map(ratioOf), 2), ""],
			...ofOther(showSpread(theirs.map(ratioOf), 2), ""),
		],
	];
}

function secondsOf({ seconds }: { readonly seconds: number }): number {
	return seconds;
}

/** A part of a run, and where it comes among the others. */
type Part = Pick<Phase, "name" | "begin" | "seconds">;

function lengthOf({ phases, seconds }: WholeRun): number {
	return findCriticalPath(phases, seconds).seconds;
}

/** How many times longer the run was than what it waited for. */
function ratioOf({ phases, seconds }: WholeRun): number {
	return findCriticalPath(phases, seconds).ratio ?? Number.NaN;
}

function partsOf({ phases, seconds }: WholeRun): Part[] {
	const { parts } = findCriticalPath(phases, seconds);
	return parts.map((part, begin) => ({
		name: `${part.gap ? "(no phase) " : ""}${part.name}`,
		seconds: part.seconds,
		begin,
	}));
}

/** @param runs how many there are; a phase may be in fewer of them */
function showPart(figures: readonly number[], runs: number): string {
	const part =
		figures.length > 0 && figures.length < runs
			? `, in ${figures.length} of ${runs}`
			: "";
	return `${showSpread(figures, 1)}${part}`;
}

/** A phase's seconds in each run that has it. */
interface PhaseTimes {
	readonly name: string;
	readonly here: number[];
	readonly there: number[];
}

/** Puts the phases of one name together, in the order in which they began. Within a run there may be several of one name. */
function joinPhases(
	here: readonly (readonly Part[])[],
	there: readonly (readonly Part[])[],
): PhaseTimes[] {
	const inOrder = [...here, ...there]
		.flat()
		.toSorted((one, other) => one.begin - other.begin);
	const secondsIn = (runs: readonly (readonly Part[])[], name: string) =>
		runs.flatMap((phases) => {
			const named = phases.filter((each) => each.name === name);
			return named.length > 0 ? [sumBy(named, secondsOf)] : [];
		});
	return Object.keys(groupBy(inOrder, ({ name }) => name)).map((name) => ({
		name,
		here: secondsIn(here, name),
		there: secondsIn(there, name),
	}));
}

function listFailures(where: string, runs: readonly WholeRun[]): string[] {
	return runs.flatMap(({ isProven, failure, seconds }, i) =>
		isProven
			? []
			: [
					`round ${i + 1}, ${where}: not counted, because after ${seconds.toFixed(0)} s it was ${failure}`,
				],
	);
}
