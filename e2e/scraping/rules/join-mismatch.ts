import type { Join } from "./rule-inputs.ts";

type Labels = Readonly<Record<string, string>>;

/** Why two sides have no series in common, and whether they never will. */
export interface JoinMismatch {
	readonly lasting: boolean;
	/** As a clause. */
	readonly why: string;
}

/** Labels that say where a series comes from: where those of two sides differ, so they always do. */
const ofSource = ["job", "instance", "metrics_path", "endpoint", "node"];

/**
 * Why no series of two lists are matched; undefined if their labels do not tell. Pods or namespaces that
 * only one side has may appear on the other one later.
 */
export function whyNoMatch(
	{ by, labels, ...join }: Join,
	left: readonly Labels[],
	right: readonly Labels[],
): JoinMismatch | undefined {
	const names = new Set([...left, ...right].flatMap(Object.keys));
	const matched = [...names].filter(
		(name) => name !== "__name__" && labels.includes(name) === (by === "on"),
	);
	const how = `series are matched by ${by === "on" ? labels.join(", ") : `all labels${labels.length > 0 ? ` but ${labels.join(", ")}` : ""}`}`;
	for (const label of matched)
		for (const [one, other, of] of [
			[left, right, join.left],
			[right, left, join.right],
		] as const)
			if (one.every(lacks(label)) && !other.some(lacks(label)))
				return {
					lasting: true,
					why: `${how}, and no series of ${of} has the label ${label}`,
				};
	const apart = matched.filter((label) => {
		const values = new Set(left.map((each) => each[label]));
		return !right.some((each) => values.has(each[label]));
	});
	const [label = ""] = [
		...apart.filter((each) => ofSource.includes(each)),
		...apart,
	];
	if (!label) return undefined;
	const example = (side: readonly Labels[]) =>
		JSON.stringify(side[0]?.[label] ?? "");
	return {
		lasting: ofSource.includes(label),
		why: `${how}, and no series of both sides has the same ${label}, e.g. ${example(left)} and ${example(right)}`,
	};
}

function lacks(label: string): (series: Labels) => boolean {
	return (series) => !series[label];
}
