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

/** Why a selector may be about an application that is not here: it is, if `family` has no series, or `whole` has some. */
export type AbsentApplication = { readonly reason: string } & (
	| { readonly family: Selector; readonly whole?: undefined }
	| { readonly whole: Selector; readonly family?: undefined }
);

/**
 * A dashboard may come before its application. Of an application that is not here, no metric has the first word of the
 * name, or the namespace does not exist. What the stack itself exposes has to be there.
 *
 * @param namespaces those of the cluster
 */
export function absentApplication(
	selector: Selector,
	namespaces: readonly string[],
): AbsentApplication | undefined {
	const { metric } = selector;
	if (metric && !metric.includes(":") && !isOfStack(metric)) {
		const [family] = metric.split("_");
		return {
			reason: `no series here begins with ${family}, so its application does not run here`,
			family: { metric: "", text: `{__name__=~"${family}(_.+)?"}` },
		};
	}
	if (!ofEachApplication.test(metric)) return undefined;
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
			whole: withoutMatchers(selector, (each) => /^namespace\s*=/.test(each)),
		}
	);
}
