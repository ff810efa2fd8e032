import { cloneDeepWith, isEqual, omitBy, uniq } from "es-toolkit";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { withPlainRelabelings } from "../api/operator-defaults.ts";
import { omitUsual } from "../api/operator-items.ts";
import { plainDuration } from "../api/plain-amounts.ts";
import {
	type Difference,
	describeDifference,
	differencesOf,
} from "../charts/differences.ts";
import { asObject, at, isNothing } from "../charts/fields.ts";
import { pairByKey } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";
import {
	hasUnknownJobs,
	type OwnJob,
	ownJobs,
	textsIn,
} from "../targets/own-jobs.ts";
import { areSameProtocols, isSameInterval } from "./usual-intervals.ts";

/** The person's own scrape jobs that are removed, changed or new. */
export function compareScrapeJobs(a: Side, b: Side): Reason[] {
	const { both, ...others } = pairByKey(
		ownJobs(a),
		ownJobs(b),
		({ job_name }) => job_name,
	);
	const gone = hasUnknownJobs(b, a) ? [] : others.gone;
	const added = hasUnknownJobs(a, b) ? [] : others.added;
	return [
		...gone.map(({ job_name }) =>
			makeReason(
				"scrape-job-gone",
				job_name,
				`The scrape job ${job_name} of additionalScrapeConfigs is removed: its targets are no longer scraped.`,
			),
		),
		...both.flatMap(([old, now]) => {
			const found = differencesOf(settled(old), settled(now)).filter(
				(each) =>
					!isSameInterval(each, a, b) &&
					!areSameProtocols(each, a, b) &&
					!isFirstFallback(each),
			);
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

/** Prometheus 3 needs one for what does not say its type, and it takes nothing from what does. */
function isFirstFallback({ path, from }: Difference): boolean {
	return path === "fallback_scrape_protocol" && from === undefined;
}

/** A job without what Prometheus takes anyway: https://prometheus.io/docs/prometheus/latest/configuration/configuration/ */
function settled(job: OwnJob): unknown {
	const plain: Record<string, unknown> = cloneDeepWith(
		job,
		(value: unknown, key) => {
			if (/relabel_configs$/.test(String(key)))
				return withPlainRelabelings(value);
			const usual = usualOfDiscovery.get(String(key));
			if (usual && Array.isArray(value))
				return value.map((each: unknown) => omitUsual(asObject(each), usual));
			if (key === "tls_config")
				return omitBy(asObject(value), (each) => each === false);
			if (key === "authorization")
				return omitBy(asObject(value), (each) => each === "Bearer");
			if (key === "scheme") return String(value).toLowerCase();
			return typeof value === "string" &&
				/_(interval|timeout)$/.test(String(key))
				? plainDuration(value)
				: undefined;
		},
	);
	const written: Record<string, unknown> = {
		...plain,
		...(Array.isArray(plain.static_configs) && {
			static_configs: plainGroups(plain.static_configs),
		}),
	};
	return omitBy(
		written,
		(value, name) =>
			isNothing(value) ||
			isEqual(value, usualOfJob.get(name)) ||
			(/_limit$|^keep_dropped_targets$/.test(name) &&
				[0, "0", "0B"].some((none) => none === value)),
	);
}

/** Groups of targets: those with the same labels are one, in whichever order they stand. */
function plainGroups(groups: readonly unknown[]): unknown[] {
	const all = groups.map((group) => ({
		labels: textsIn(at(group, "labels")),
		targets: listAt(group, "targets").map(String),
	}));
	const byLabels = Map.groupBy(all, ({ labels }) =>
		JSON.stringify(Object.entries(labels).sort()),
	);
	return [...byLabels.values()].flatMap((same) => {
		const targets = uniq(same.flatMap((group) => group.targets)).sort();
		// An empty map of labels adds none.
		return targets.length === 0
			? []
			: [omitBy({ labels: same[0]?.labels, targets }, isNothing)];
	});
}

const usualOfDiscovery: ReadonlyMap<
	string,
	Readonly<Record<string, unknown>>
> = new Map([
	["dns_sd_configs", { type: "SRV", refresh_interval: "30s" }],
	["http_sd_configs", { refresh_interval: "1m" }],
	["file_sd_configs", { refresh_interval: "5m" }],
	["kubernetes_sd_configs", { follow_redirects: true, enable_http2: true }],
]);

const usualOfJob: ReadonlyMap<PropertyKey, unknown> = new Map<
	PropertyKey,
	unknown
>([
	["metrics_path", "/metrics"],
	["scheme", "http"],
	["honor_labels", false],
	["honor_timestamps", true],
	["follow_redirects", true],
	["enable_http2", true],
	["enable_compression", true],
	["track_timestamps_staleness", false],
	["proxy_from_environment", false],
]);
