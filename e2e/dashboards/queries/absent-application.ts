import {
	matchersOf,
	type Selector,
	withoutMatchers,
} from "../../common/promql/expressions.ts";
import { matches } from "../../common/promql/matcher.ts";
import { makeIsKnownWord, wordsOfJob } from "../../scraping/job-words.ts";
import { isOfStack } from "../../scraping/rules/idle-rules.ts";

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

/** What there is in the cluster. */
export interface Here {
	readonly namespaces: readonly string[];
	/** Of the targets. */
	readonly jobs: readonly string[];
}

/**
 * A dashboard may come before its application. Of an application that is not here, no metric has the first word of the
 * name, or the namespace does not exist, or no job has a word of its job's name: `node` for `node-exporter` is a mistake.
 * What the stack itself exposes has to be there.
 */
export function absentApplications(
	selector: Selector,
	{ namespaces, jobs }: Here,
): AbsentApplication[] {
	const isKnown = makeIsKnownWord(jobs);
	return [
		byName(selector),
		byLabel(selector, "namespace", namespaces),
		byLabel(selector, "job", jobs, (value) => {
			const words = wordsOfJob(value);
			return words.length > 0 && !words.some(isKnown);
		}),
	].flatMap((each) => each ?? []);
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

/** @param isForeign whether a value that nothing here has is that of an application */
function byLabel(
	selector: Selector,
	label: string,
	here: readonly string[],
	isForeign: (value: string) => boolean = () => true,
): AbsentApplication | undefined {
	if (!ofEachApplication.test(selector.metric)) return undefined;
	const named = matchersOf(selector).find(
		(each) =>
			each.label === label &&
			each.value !== "" &&
			(each.operator === "=" || each.operator === "=~") &&
			!here.some((value) => matches(each, value)),
	);
	if (!named || !isForeign(named.value)) return undefined;
	return {
		reason: `there is no ${label} ${named.value} here`,
		witness: withoutMatchers(selector, (each) =>
			new RegExp(`^${label}\\s*=`).test(each),
		),
		hasSeries: true,
	};
}
