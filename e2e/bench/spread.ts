import { median } from "es-toolkit";

/** Figures of several rounds in a cell of a table: their median, with their spread if there is one; empty if there are none. */
export function showSpread(figures: readonly number[], digits: number): string {
	if (figures.length === 0) return "";
	const [least, most] = [Math.min(...figures), Math.max(...figures)];
	const middle = median(figures).toFixed(digits);
	return least === most
		? middle
		: `${middle} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}

/** The ratio of two medians; empty if there is none. */
export function showRatio(
	figures: readonly number[],
	base: readonly number[],
): string {
	if (figures.length === 0 || base.length === 0 || median(base) === 0)
		return "";
	return (median(figures) / median(base)).toFixed(2);
}
