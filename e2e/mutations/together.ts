import type { Mutation } from "./catalogue.ts";

/**
 * Packs mutations into few groups. No two of a group have a claim, a component of the chart or an addon in common: each
 * claim that must be refuted has one mutation that must do it, and none replaces what another one changes. Only the
 * claim's message shows whether that mutation refuted it.
 */
export function packTogether(mutations: readonly Mutation[]): Mutation[][] {
	const groups: Mutation[][] = [];
	for (const mutation of mutations) {
		const touched = touchedBy(mutation);
		const group = groups.find((each) =>
			each.flatMap(touchedBy).every((other) => !touched.includes(other)),
		);
		if (group) group.push(mutation);
		else groups.push([mutation]);
	}
	return groups;
}

/** The changes of a group as one mutation. */
export function combine(
	group: readonly Mutation[],
): Pick<Mutation, "values" | "objects" | "secrets" | "addons"> {
	return {
		values: Object.assign({}, ...group.map(({ values }) => values)),
		objects: group.flatMap(({ objects }) => objects),
		secrets: group.flatMap(({ secrets }) => secrets),
		addons: group.flatMap(({ addons }) => addons),
	};
}

function touchedBy({
	claim,
	alsoRefutes,
	values,
	objects,
	secrets,
	addons,
}: Mutation): string[] {
	return [
		...[claim, ...alsoRefutes].map((id) => `claim ${id}`),
		...Object.keys(values).map((key) => `component ${key}`),
		...objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
		...secrets.map(({ name }) => `Secret ${name}`),
		...addons.map(({ name }) => `addon ${name}`),
	];
}
