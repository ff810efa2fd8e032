import { GoRegex } from "../../common/go-regex.ts";
import {
	matchersOf,
	type Selector,
	withoutMatchers,
} from "../../common/promql.ts";
import { isOfStack } from "../../scraping/idle-rules.ts";

/** Every application has series of these: those of one that is not here are absent, and the others are there. */
const ofEachApplication =
	/^(kube|container|kubelet_volume|process|go|scrape|http)_|^up$/;

/** A reason why a selector may be about an application that is not here. */
export interface AbsentApplication {
	readonly reason: string;
	/** What tells whether it is so. */
	readonly witness: Selector;
	/** Whether the witness must have series, or none. */
	readonly hasSeries: boolean;
}

/**
 * A dashboard may come before its application. Of an application that is not here, no metric has the first word of the
 * name, or the namespace does not exist. What the stack itself exposes has to be there.
 *
 * @param namespaces those of the cluster
 */
export function absentApplications(
	selector: Selector,
	namespaces: readonly string[],
): AbsentApplication[] {
	return [byName(selector), byNamespace(selector, namespaces)].flatMap(
		(each) => each ?? [],
	);
}

function byName({ metric }: Selector): AbsentApplication | undefined {
	if (!metric || metric.includes(":") || isOfStack(metric)) return undefined;
	const [word] = metric.split("_");
	return {
		reason: `no series here begins with ${word}, so its application does not run here`,
		witness: { metric: "", text: `{__name__=~"${word}(_.+)?"}` },
		hasSeries: false,
	};
}

function byNamespace(
	selector: Selector,
	namespaces: readonly string[],
): AbsentApplication | undefined {
	if (!ofEachApplication.test(selector.metric)) return undefined;
	const named = matchersOf(selector).find(
		({ label, operator, value }) =>
			label === "namespace" &&
			value !== "" &&
			(operator === "=" || operator === "=~") &&
			!namespaces.some((each) =>
				operator === "=" ? each === value : GoRegex.whole(value).test(each),
			),
	);
	return (
		named && {
			reason: `there is no namespace ${named.value} here`,
			witness: withoutMatchers(selector, (each) => /^namespace\s*=/.test(each)),
			hasSeries: true,
		}
	);
}
