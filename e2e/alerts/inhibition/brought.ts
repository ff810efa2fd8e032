import type { Matcher } from "../matchers.ts";

/** What suppresses what, as Alertmanager reads it. */
export interface InhibitionRule {
	readonly source: readonly Matcher[];
	readonly target: readonly Matcher[];
	readonly equal: readonly string[];
}

/** An inhibition rule of an AlertmanagerConfig, before the operator merges it. */
export interface BroughtRule extends InhibitionRule {
	readonly namespace: string;
	/** e.g. `AlertmanagerConfig media/team` */
	readonly by: string;
}

/**
 * Which object has brought a loaded rule; empty if it comes from the main configuration. The operator adds a matcher of
 * the object's namespace to both sides, unless it was told otherwise.
 */
export function findOrigin(
	loaded: InhibitionRule,
	brought: readonly BroughtRule[],
): string {
	const found = brought.find(
		({ namespace, source, target, equal }) =>
			isMerged(loaded.source, source, namespace) &&
			isMerged(loaded.target, target, namespace) &&
			equal.toSorted().join() === loaded.equal.toSorted().join(),
	);
	return found?.by ?? "";
}

function isMerged(
	loaded: readonly Matcher[],
	own: readonly Matcher[],
	namespace: string,
): boolean {
	const added: Matcher = {
		label: "namespace",
		operator: "=",
		value: namespace,
	};
	const has = (all: readonly Matcher[], one: Matcher) =>
		all.some(
			({ label, operator, value }) =>
				label === one.label && operator === one.operator && value === one.value,
		);
	return (
		own.every((each) => has(loaded, each) || each.label === "namespace") &&
		loaded.every((each) => has([...own, added], each))
	);
}
