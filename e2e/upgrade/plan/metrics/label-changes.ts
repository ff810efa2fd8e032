import { pickBy, uniq } from "es-toolkit";
import { describeDifference, differencesOf } from "../charts/differences.ts";
import type { ScrapedTarget } from "../targets/target.ts";

/** How the labels of a target change, and those of its samples, as far as a rule may select by them. */
export function labelChanges(old: ScrapedTarget, now: ScrapedTarget): string[] {
	const known = ({ labels }: ScrapedTarget) =>
		pickBy(labels, (value, name) => !name.startsWith("__") && value !== "");
	const taken = (target: ScrapedTarget) =>
		uniq([
			...Object.keys(target.labels),
			// The operator gives them to all that it finds by Services and pods.
			...(/^(Service|Pod)Monitor\//.test(target.owner)
				? ["namespace", "pod", "container"]
				: []),
		]).filter(
			(name) =>
				!name.startsWith("__") && target.keptFromSamples?.test(name) === true,
		);
	const [before, after] = [taken(old), taken(now)];
	const lost = before.filter((name) => !after.includes(name));
	const won = after.filter((name) => !before.includes(name));
	return [
		...differencesOf(known(old), known(now)).map(describeDifference),
		...(lost.length > 0
			? [
					`honorLabels true → false: where samples have ${lost.join(", ")} themselves, they become ${lost.map(exported).join(", ")}`,
				]
			: []),
		...(won.length > 0
			? [
					`honorLabels false → true: where samples have ${won.join(", ")} themselves, they were ${won.map(exported).join(", ")}`,
				]
			: []),
	];
}

function exported(label: string): string {
	return `exported_${label}`;
}
