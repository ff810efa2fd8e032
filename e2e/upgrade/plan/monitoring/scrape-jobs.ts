import { makeReason, type Reason } from "../../reasons.ts";
import { describeDifference, differencesOf } from "../charts/differences.ts";
import { pairByKey } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";
import { ownJobs } from "../targets/own-jobs.ts";

/** The person's own scrape jobs that are removed, changed or new. */
export function compareScrapeJobs(a: Side, b: Side): Reason[] {
	const { both, gone, added } = pairByKey(
		ownJobs(a),
		ownJobs(b),
		({ job_name }) => job_name,
	);
	return [
		...gone.map(({ job_name }) =>
			makeReason(
				"scrape-job-gone",
				job_name,
				`The scrape job ${job_name} of additionalScrapeConfigs is removed: its targets are no longer scraped.`,
			),
		),
		...both.flatMap(([old, now]) => {
			const found = differencesOf(old, now);
			return found.length === 0
				? []
				: [
						makeReason(
							"scrape-job-changed",
							now.job_name,
							`The scrape job ${now.job_name} of additionalScrapeConfigs changes.`,
							{ evidence: found.map(describeDifference) },
						),
					];
		}),
		...added.map(({ job_name }) =>
			makeReason(
				"scrape-job-added",
				job_name,
				`The scrape job ${job_name} is new.`,
			),
		),
	];
}
