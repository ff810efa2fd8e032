import { uniqBy } from "es-toolkit";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import type { Side } from "../charts/side.ts";
import { isSelected } from "../monitoring/selectors.ts";
import { compareIgnoredNamespaces } from "./ignored-namespaces.ts";
import { compareKubelets } from "./kubelets.ts";
import { portOf } from "./make-target.ts";
import { missingAt } from "./missing-at.ts";
import { monitoredTargets, monitorsIn } from "./monitored.ts";
import { ownTargets } from "./own-jobs.ts";
import { isSameScraped, type ScrapedTarget } from "./target.ts";
import { compareWrittenPorts } from "./written-ports.ts";

/** Targets that are no longer found, although what scrapes them is still there, and those under another job. */
export function compareTargets(a: Side, b: Side): Reason[] {
	const before = inChart(a);
	const after = inChart(b);
	const owners = ownersIn(b);
	const ignored = compareIgnoredNamespaces(a, b);
	const told = new Set(ignored.map(({ subject }) => subject));
	const gone = before.filter(
		(old) =>
			owners.has(old.owner) &&
			!told.has(old.scraped) &&
			!after.some((each) => isSameScraped(old, each)),
	);
	const ports = portsIn(b);
	const portsGone = before.filter(
		(old) =>
			after.some((each) => isSameScraped(old, each)) &&
			old.port !== undefined &&
			ports.has(`${old.owner} ${old.port}`) &&
			!after.some(
				(each) =>
					isSameScraped(old, each) &&
					(each.port === undefined || each.port === old.port),
			),
	);
	return [
		...ignored,
		...uniqBy(gone, ({ scraped }) => scraped).map((old) => {
			const missing = missingAt(old, a, b);
			return makeReason(
				"targets-gone",
				old.scraped,
				`${old.owner} finds no targets at ${old.scraped} any more, and nothing else scrapes it: ${missing?.says ?? "it looks for labels, annotations or a port that are not there"}.`,
				{
					evidence: [old.owner],
					...(missing && { wayOut: missing.wayOut }),
				},
			);
		}),
		...uniqBy(portsGone, ({ scraped, port }) => `${scraped} ${port}`).map(
			(old) =>
				makeReason(
					"targets-gone",
					`${old.scraped} ${old.port}`,
					`${old.owner} finds nothing at the port ${old.port} of ${old.scraped} any more, and nothing else scrapes it.`,
					{ evidence: [old.owner] },
				),
		),
		...compareWrittenPorts(before, after),
		...compareKubelets(a, b),
		...changedPaths(before, after),
		...changedJobs(before, after),
	];
}

/** Targets whose path relabelling takes from an annotation, which now says another one. Another path of a whole job is told once, of the job. */
function changedPaths(
	before: readonly ScrapedTarget[],
	after: readonly ScrapedTarget[],
): Reason[] {
	const ofJobs = before.filter(({ port }) => port === undefined);
	return ofJobs.flatMap((old) => {
		const same = after.filter(({ scraped }) => scraped === old.scraped);
		const now = same.find(({ key }) => key === old.key);
		const isScraped = same.some(({ path }) => path === old.path);
		return now && !isScraped && (old.isPathWritten || now.isPathWritten)
			? [
					makeReason(
						"scrape-job-changed",
						`${old.owner} ${old.scraped}`,
						`${old.owner} now scrapes ${now.path} of ${old.scraped}, instead of ${old.path}.`,
						{ evidence: [`from ${old.path}`, `to ${now.path}`] },
					),
				]
			: [];
	});
}

function changedJobs(
	before: readonly ScrapedTarget[],
	after: readonly ScrapedTarget[],
): Reason[] {
	// A Service may have several ports.
	return uniqBy(before, ({ scraped }) => scraped).flatMap((old) => {
		const exact = after.filter(({ scraped }) => scraped === old.scraped);
		const same =
			exact.length > 0
				? exact
				: after.filter((each) => isSameScraped(old, each));
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

/** What is scraped of the chart. */
function inChart(side: Side): ScrapedTarget[] {
	return [...monitoredTargets(side), ...ownTargets(side)].filter(
		({ pods }) => pods !== undefined,
	);
}

/** What could scrape: monitors by name, and jobs of the person's own. Of monitors that are not selected, another comparison tells. */
function ownersIn(side: Side): Set<string> {
	return new Set([
		...monitorsIn(side)
			.filter((each) => isSelected(side, each))
			.map(nameOf),
		...ownTargets(side).map(({ owner }) => owner),
	]);
}

/** The ports that monitors still ask for. */
function portsIn(side: Side): Set<string> {
	const endpoints = (each: Manifest) => [
		...listAt(each, "spec", "endpoints"),
		...listAt(each, "spec", "podMetricsEndpoints"),
	];
	return new Set(
		monitorsIn(side).flatMap((each) =>
			endpoints(each).map(
				(endpoint, i) => `${nameOf(each)} ${portOf(endpoint, i)}`,
			),
		),
	);
}
