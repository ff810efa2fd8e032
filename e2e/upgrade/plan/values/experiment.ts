import { chunk, isEqual, isPlainObject } from "es-toolkit";
import type { PlannedChart } from "../charts/chart.ts";
import { dataOf } from "../charts/data.ts";
import type { Renderer } from "../charts/render.ts";
import { objectKey, type Side } from "../charts/side.ts";
import {
	type ChartValues,
	type Path,
	withoutValues,
	withValues,
} from "./values.ts";

export interface Change {
	readonly path: Path;
	readonly value: unknown;
}

/** A rendering with some values changed. */
export interface Outcome {
	/** Undefined if the chart refuses them. */
	readonly text: string | undefined;
	/** Whether it differs from the rendering without the changes. */
	readonly differs: boolean;
}

/** To halve more of them costs fewer renderings, even if all but one make a difference. */
const mostAlone = 8;

/** Changes values of a chart and looks at how its rendering changes. */
export class Experiment {
	readonly chart: PlannedChart;
	readonly side: Side;
	readonly #renderer: Renderer;
	readonly #fingerprint: string;

	readonly #before: Side | undefined;

	/**
	 * @param side the chart's rendering without changes
	 * @param before the other side: if a change makes what is random here equal to it, that is a difference, too
	 */
	constructor(
		renderer: Renderer,
		chart: PlannedChart,
		side: Side,
		before?: Side,
	) {
		this.#before = before;
		this.#renderer = renderer;
		this.chart = chart;
		this.side = side;
		this.#fingerprint = renderer.fingerprint(side.text, side.unstable);
	}

	async try(changes: readonly Change[]): Promise<Outcome> {
		return this.#render(withValues(this.chart.values, changes));
	}

	/** Whether the rendering differs without one of the person's values. */
	async #differsWithout(path: Path): Promise<boolean> {
		const { differs } = await this.#render(
			withoutValues(this.chart.values, [path]),
		);
		return differs;
	}

	async #render(values: ChartValues): Promise<Outcome> {
		const text = await this.#renderer
			.render(this.chart, values)
			.catch(() => undefined);
		const differs =
			text === undefined ||
			this.#renderer.fingerprint(text, this.side.unstable) !==
				this.#fingerprint ||
			this.#settles(text);
		return { text, differs };
	}

	/** Whether something random is now as it was before. */
	#settles(text: string): boolean {
		const { unstable } = this.side;
		if (!this.#before || unstable.size === 0) return false;
		const before = new Map(
			this.#before.objects.map((each) => [objectKey(each), each]),
		);
		return this.read(text)
			.objects.filter((each) => unstable.has(objectKey(each)))
			.some((now) => {
				const old = before.get(objectKey(now));
				return old && isEqual(dataOf(old), dataOf(now));
			});
	}

	/**
	 * The changes that make a difference, each by itself.
	 *
	 * @param isUsual whether most changes of this kind do: then a few are not tried together first
	 */
	async effective(
		changes: readonly Change[],
		isUsual = false,
	): Promise<Change[]> {
		if (changes.length === 0) return [];
		const { differs, text } = await this.try(changes);
		if (!differs) return [];
		const [only] = changes;
		if (only && changes.length === 1) {
			// A chart may refuse the other value and still ignore this one.
			const counts =
				text !== undefined || (await this.#differsWithout(only.path));
			return counts ? [only] : [];
		}
		// A marker in the rendering needs no experiment of its own.
		const clear = text === undefined ? "" : this.#renderer.decode(text);
		const seen = changes.filter(({ value }) => {
			const marker = markerIn(value);
			return marker && clear.includes(marker);
		});
		const rest = changes.filter((each) => !seen.includes(each));
		const few = isUsual && rest.length <= mostAlone ? 1 : undefined;
		const size =
			few ?? (seen.length > 0 ? rest.length : Math.ceil(rest.length / 2));
		const found = await Promise.all(
			chunk(rest, Math.max(size, 1)).map((each) =>
				this.effective(each, isUsual),
			),
		);
		return [...seen, ...found.flat()];
	}

	/** The chart's side for a rendering of it with changes. */
	read(text: string): Side {
		return this.#renderer.read(this.chart, text, this.side);
	}
}

const prefix = "o11y-e2e-marker-";

/** Another value of the same type, with a marker that can be found in a rendering, if the type allows it. */
export function changed(value: unknown, i: number): unknown {
	if (typeof value === "boolean") return !value;
	if (typeof value === "number") return markedNumber + i;
	if (Array.isArray(value)) return changedList(value, `${prefix}${i}-`);
	if (typeof value === "object" && value !== null)
		return { [`${prefix}${i}-`]: "" };
	return `${prefix}${i}-`;
}

/** The first object keeps its fields, because templates may require them. */
function changedList(list: readonly unknown[], marker: string): unknown[] {
	const [first] = list;
	return isPlainObject(first)
		? [{ ...first, [marker]: marker }, ...list.slice(1)]
		: [marker];
}

const markedNumber = 77_710_000;

/** The marker in a changed value, if it has one. */
function markerIn(value: unknown): string | undefined {
	if (typeof value === "number" && value >= markedNumber) return String(value);
	return new RegExp(`${prefix}\\d+-`).exec(JSON.stringify(value))?.[0];
}
