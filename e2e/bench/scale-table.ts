import Table from "cli-table3";
import { sum, sumBy } from "es-toolkit";
import type { ClaimsOutcome } from "./claims-round.ts";
import { showRatio, showSpread } from "./spread.ts";
import { listWork, sizeOf, type Work } from "./work.ts";

/** What was measured at one scale. */
export interface Measured {
	readonly work: Work;
	/** At least one. */
	readonly rounds: readonly ClaimsOutcome[];
}

/** The requests that are told apart, besides all others. */
const asked: Readonly<Record<string, RegExp>> = {
	"Prometheus' API": /^prometheus-(operated|.+-\d+)\//,
	Grafana: /grafana\b/,
	"Kubernetes' API": /^kubernetes$/,
};

/** Samples that a ledger writes, ten a second however much there is to judge. */
const written = /\/api\/v1\/write$/;

/** How many kinds of requests are shown by themselves. */
const mostKinds = 10;

/** The table of what was measured at scale 1 and at another one. Each figure is the median of its rounds, with their spread. */
export function renderScale(
	scale: number,
	before: Measured,
	after: Measured,
): string {
	const table = new Table({
		head: ["", "at 1", `at ${scale}`, "ratio"],
		colAligns: ["left", "right", "right", "right"],
		style: { head: [], border: [] },
	});
	table.push(...makeScaleRows(before, after));
	return [table.toString(), ...describeUnproven(before, after, scale)].join(
		"\n",
	);
}

/** The rows of the table, without its head. */
export function makeScaleRows(before: Measured, after: Measured): string[][] {
	const both = (
		name: string,
		read: (round: ClaimsOutcome, work: Work) => number,
		digits: number,
	) => {
		const [one, other] = [before, after].map(({ rounds, work }) =>
			rounds.map((round) => read(round, work)),
		);
		return makeRow(name, one ?? [], other ?? [], digits);
	};
	const perWork = (name: string, who: RegExp) =>
		both(
			`  ${name}, for each piece of work`,
			(round, work) => countAsked(round, who) / sizeOf(work),
			2,
		);
	return [
		...listWork(before.work).map(([name, count], i) =>
			makeRow(name, [count], [listWork(after.work)[i]?.[1] ?? 0], 0),
		),
		makeRow("work, all of it", [sizeOf(before.work)], [sizeOf(after.work)], 0),
		both("memory of the harness, MiB", ({ peakMebibytes }) => peakMebibytes, 0),
		both("all claims, s", ({ seconds }) => seconds, 1),
		...claimsOf(before).map((id) =>
			both(`  ${id}, s`, (round) => secondsOf(round, id), 1),
		),
		...Object.entries(asked).flatMap(([name, who]) => [
			both(`requests to ${name}`, (round) => countAsked(round, who), 0),
			perWork(name, who),
		]),
		...listKinds(before, after).map((kind) =>
			both(`  ${kind}`, (round) => countKind(round, kind), 0),
		),
	];
}

/** A row with the median of each side, with its spread if there is one, and the ratio of the medians. */
export function makeRow(
	name: string,
	before: readonly number[],
	after: readonly number[],
	digits: number,
): string[] {
	return [
		name,
		showSpread(before, digits),
		showSpread(after, digits),
		showRatio(after, before),
	];
}

function claimsOf({ rounds }: Measured): string[] {
	const tested = rounds.flatMap(({ claims }) => claims).filter(isTested);
	return [...new Set(tested.map(({ id }) => id))];
}

function isTested({ status }: { readonly status: string }): boolean {
	return status !== "skipped";
}

function secondsOf({ claims }: ClaimsOutcome, id: string): number {
	return claims.find((claim) => claim.id === id)?.seconds ?? 0;
}

function countAsked({ requests }: ClaimsOutcome, who: RegExp): number {
	return sum(
		Object.values(requests).flatMap((ofClaim) =>
			Object.entries(ofClaim).flatMap(([name, count]) =>
				who.test(name) && !written.test(name) ? [count] : [],
			),
		),
	);
}

function countKind({ requests }: ClaimsOutcome, kind: string): number {
	return sumBy(Object.values(requests), (ofClaim) => ofClaim[kind] ?? 0);
}

/** The kinds of requests that were sent most at the larger scale, so that it shows what grows. */
function listKinds(before: Measured, after: Measured): string[] {
	const all = [...before.rounds, ...after.rounds].flatMap(({ requests }) =>
		Object.values(requests).flatMap((ofClaim) => Object.keys(ofClaim)),
	);
	const countAll = (kind: string) =>
		sumBy(after.rounds, (round) => countKind(round, kind));
	return [...new Set(all)]
		.filter((kind) => kind.includes("/") && !written.test(kind))
		.sort((one, other) => countAll(other) - countAll(one))
		.slice(0, mostKinds);
}

/** A line for each claim that a round did not prove: its time is not that of a proof. */
function describeUnproven(
	before: Measured,
	after: Measured,
	scale: number,
): string[] {
	return [
		...listUnproven(before).map((line) => `at 1: ${line}`),
		...listUnproven(after).map((line) => `at ${scale}: ${line}`),
	];
}

function listUnproven({ rounds }: Measured): string[] {
	return rounds.flatMap(({ claims }, i) =>
		claims
			.filter(({ status }) => status === "refuted" || status === "inconclusive")
			.map(
				({ id, status, message }) =>
					`round ${i + 1}: ${id} is ${status}: ${message}`,
			),
	);
}
