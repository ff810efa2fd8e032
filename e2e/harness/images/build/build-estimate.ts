import { sortBy, sum } from "es-toolkit";
import type { Component } from "../spec.ts";

/** What is built, and what it takes on two idle cores while another is built beside it, in minutes. */
export interface BuildCost {
	readonly name: string;
	readonly minutes: number;
}

/** So many minutes of building count as if they had taken as long here as elsewhere: the first build also downloads. */
const presumed = 1;

/**
 * How long builds will still take. What they cost is known from another machine; how much slower or faster this one is
 * shows in what has been built so far. All moments are in minutes.
 */
export class BuildEstimate {
	readonly #waiting = new Map<string, number>();
	readonly #running = new Map<string, { minutes: number; since: number }>();
	readonly #atOnce: number;
	/** Of what is built: its number, the minutes that it took here, and that it takes elsewhere. */
	readonly #done = { count: 0, here: 0, elsewhere: 0 };

	/** @param atOnce how many are built at the same time */
	constructor(atOnce: number) {
		this.#atOnce = atOnce;
	}

	/** Counts what will be built. */
	expect(costs: readonly BuildCost[]): void {
		for (const { name, minutes } of costs) this.#waiting.set(name, minutes);
	}

	begin(name: string, now: number): void {
		const minutes = this.#waiting.get(name) ?? 0;
		this.#waiting.delete(name);
		this.#running.set(name, { minutes, since: now });
	}

	end(name: string, now: number): void {
		const build = this.#running.get(name);
		if (!build) return;
		this.#running.delete(name);
		this.#done.count += 1;
		this.#done.here += now - build.since;
		this.#done.elsewhere += build.minutes;
	}

	/** The minutes until all is built. */
	minutesLeft(now: number): number {
		const running = [...this.#running.values()].map(({ minutes, since }) => ({
			minutes,
			here: now - since,
		}));
		const { here: past, elsewhere } = this.#done;
		const slowness = (here: number, minutes: number) =>
			(past + here + presumed) / (elsewhere + minutes + presumed);
		// What takes longer than elsewhere tells that this machine is slower, before it is done: at least so much.
		const factor = Math.max(
			slowness(0, 0),
			...running
				.filter(({ minutes, here }) => here > minutes)
				.map(({ minutes, here }) => slowness(here, minutes)),
		);
		const left = [
			...[...this.#waiting.values()].map((minutes) => minutes * factor),
			...running.map(({ minutes, here }) =>
				Math.max(0, minutes * factor - here),
			),
		];
		return Math.max(0, sum(left) / this.#atOnce, ...left);
	}

	/** In words, e.g. "3 of 20 are built, about 12 minutes left". */
	describe(now: number): string {
		const { count } = this.#done;
		const all = count + this.#waiting.size + this.#running.size;
		return `${count} of ${all} are built, ${describeMinutes(this.minutesLeft(now))} left`;
	}
}

/** In words, e.g. "about 12 minutes". */
export function describeMinutes(minutes: number): string {
	const rounded = Math.round(minutes);
	if (rounded < 1) return "less than a minute";
	return rounded === 1 ? "about a minute" : `about ${rounded} minutes`;
}

/**
 * Built first: after some minutes it shows how fast this machine is. It compiles what many others contain, so that its own
 * minutes are right only for the first one.
 */
const firstBuilt = "prometheus-config-reloader";

/** The longest first, so that none is left to be built alone at the end. */
export function inBuildOrder<
	T extends { readonly component: Pick<Component, "name" | "build"> },
>(builds: readonly T[]): T[] {
	return sortBy(builds, [
		({ component: { name } }) => name !== firstBuilt,
		({ component: { build } }) => -build.minutes,
	]);
}
