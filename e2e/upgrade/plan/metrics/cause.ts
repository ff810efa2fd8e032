import {
	matchersOf,
	type Selector,
} from "../../../common/promql/expressions.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import {
	isSameScraped,
	type ScrapedTarget,
	stores,
} from "../targets/target.ts";
import { isOfContainer, supplierOf, supplyOf } from "./families.ts";
import { viewOf } from "./host-views.ts";
import { labelChanges } from "./label-changes.ts";
import { collectorOf } from "./node-exporter.ts";

/** What takes a metric of a target away: one of the reasons that were found, or a new one. */
export function causeOf(
	selector: Selector,
	old: ScrapedTarget | undefined,
	after: readonly ScrapedTarget[],
	found: readonly Reason[],
): Reason | undefined {
	if (!old) return undefined;
	const { metric } = selector;
	const reasonAbout = (ids: readonly string[], subject: string) =>
		found.find(
			(each) =>
				ids.includes(each.id) &&
				(each.subject === subject || each.subject.startsWith(`${subject} `)),
		);
	const same = after.find(({ key }) => key === old.key);
	const portGone =
		!same && reasonAbout(["targets-gone"], `${old.scraped} ${old.port}`);
	if (portGone) return portGone;
	const ofOwner = after.filter(
		({ owner, path }) => owner === old.owner && path === old.path,
	);
	const now =
		same ??
		ofOwner.find(({ scraped }) => scraped === old.scraped) ??
		ofOwner.find((each) => isSameScraped(old, each));
	if (!now)
		return (
			reasonAbout(["targets-gone"], old.scraped) ??
			reasonAbout(
				[
					"monitor-gone",
					"monitor-renamed",
					"monitor-unselected",
					"scrape-job-gone",
					"monitor-changed",
					"scrape-job-changed",
				],
				old.owner,
			) ??
			makeGone(old)
		);
	if (!stores(now, metric, matchersOf(selector)))
		return (
			reasonAbout(
				["metric-dropped", "monitor-changed", "scrape-job-changed"],
				old.owner,
			) ??
			found.find(
				({ id, subject }) =>
					id === "setting-changed" && subject.endsWith(" scrapeClasses"),
			) ??
			makeReason(
				"metrics-gone",
				`${old.scraped} ${selector.text}`,
				`What ${old.owner} scrapes is relabelled so that nothing is left of ${selector.text}.`,
			)
		);
	if (isOfContainer(now, metric)) {
		const view = viewOf(collectorOf(metric) ?? "");
		return makeReason(
			"metrics-gone",
			`${old.scraped} the node's ${view}`,
			`${old.scraped} no longer sees the ${view} of its node: ${metric} and others now tell of its container.`,
			{
				wayOut:
					"Set hostNetwork and hostRootFsMount of node-exporter as they were, if you need them.",
			},
		);
	}
	if (supplyOf(now, metric, []) === "has not") {
		const supplier = supplierOf(metric);
		return makeReason(
			"metrics-gone",
			`${old.scraped} ${supplier ?? metric}`,
			`${old.scraped} no longer has ${supplier ? `the metrics of ${supplier}, such as ${metric}` : metric}.`,
		);
	}
	if (supplyOf(now, metric, matchersOf(selector)) === "has not")
		return makeReason(
			"metrics-gone",
			`${old.scraped} ${selector.text}`,
			`${old.scraped} leaves out what ${selector.text} asks for.`,
		);
	return (
		reasonAbout(["job-changed"], old.scraped) ??
		makeReason(
			"labels-of-targets-changed",
			old.scraped,
			`The labels of the targets of ${old.scraped} change.`,
			{ evidence: labelChanges(old, now) },
		)
	);
}

function makeGone({ scraped, owner, path }: ScrapedTarget): Reason {
	return makeReason(
		"targets-gone",
		scraped,
		`${owner} no longer scrapes ${path} of ${scraped}.`,
	);
}
