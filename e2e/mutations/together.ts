import type { Mutation } from "./catalogue.ts";

/**
 * Packs mutations into few groups. In one group no two have a claim, a component of the chart or an addon in common,
 * so that each claim that must be refuted has one mutation that must do it, and none replaces what another changed. Only
 * the refusal's own words tell whether it was that one.
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

/** What a group changes, as if it were one mutation. */
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
