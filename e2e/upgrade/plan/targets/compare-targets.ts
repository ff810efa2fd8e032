import { makeReason, type Reason } from "../../reasons.ts";
import type { Side } from "../charts/side.ts";
import { monitoredTargets } from "./monitored.ts";
import { ownTargets } from "./own-jobs.ts";
import type { ScrapedTarget } from "./target.ts";

/** Targets that are no longer found, although what scrapes them is still there, and those under another job. */
export function compareTargets(a: Side, b: Side): Reason[] {
	const before = scrapedOnce(monitoredTargets(a), ownTargets(a));
	const after = scrapedOnce(monitoredTargets(b), ownTargets(b));
	const owners = new Set(after.map(({ owner }) => owner));
	const exists = ownersIn(b);
	return before.flatMap((old) => {
		const same = after.filter(({ scraped }) => scraped === old.scraped);
		if (same.length === 0)
			return exists.has(old.owner) || owners.has(old.owner)
				? [
						makeReason(
							"targets-gone",
							old.scraped,
							`${old.owner} finds no targets at ${old.scraped} any more, and nothing else scrapes it: it looks for labels, annotations or a port that are not there.`,
							{ evidence: [old.owner] },
						),
					]
				: [];
		const now = same.find(({ owner }) => owner === old.owner) ?? same[0];
		const from = old.labels.job;
		const to = now?.labels.job;
		return from !== undefined && to !== undefined && from !== to
			? [
					makeReason(
						"job-changed",
						old.scraped,
						`The job label of ${old.scraped} changes from ${from} to ${to}.`,
						{ evidence: [`from job="${from}"`, `to job="${to}"`] },
					),
				]
			: [];
	});
}

/** One target for each thing that is scraped: a Service may have several ports. */
function scrapedOnce(...targets: readonly ScrapedTarget[][]): ScrapedTarget[] {
	const found = new Map<string, ScrapedTarget>();
	for (const each of targets.flat())
		if (!found.has(each.scraped) && each.pods) found.set(each.scraped, each);
	return [...found.values()];
}

/** What could scrape: monitors by name, and jobs of the person's own. */
function ownersIn(side: Side): Set<string> {
	return new Set([
		...side.objects.map(({ kind, metadata: { namespace, name } }) =>
			[kind, namespace, name].filter(Boolean).join("/"),
		),
		...ownTargets(side).map(({ owner }) => owner),
	]);
}
