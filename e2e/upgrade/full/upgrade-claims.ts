import { parseManifests } from "../../clients/kube-objects.ts";
import { KubeError } from "../../clients/kubernetes.ts";
import type { RangeSeries } from "../../clients/prometheus.ts";
import type { SlackClient } from "../../clients/slack.ts";
import { budgets } from "../../harness/budgets.ts";
import { GroundError, messageOf } from "../../harness/errors.ts";
import { compareToLedger } from "../../harness/ledger.ts";
import type { StartedLedger } from "../../harness/ledger-writer.ts";
import type { ClaimResult } from "../../harness/summary.ts";
import { findLostSamples, readLedgerBack } from "../../wal/crash.ts";
import { crd } from "../plan/crd-schema.ts";
import { undeclaredBy } from "../plan/crds.ts";
import { flatten, makeReason, type Reason, type ReasonId } from "../reasons.ts";
import { type Absence, longestGap, makeTracks, type Track } from "./gaps.ts";
import { whatIsSeen } from "./grafana.ts";
import { findRefusals } from "./logs.ts";
import { countTold } from "./planted-alert.ts";
import { alertKey, type Stack, type State } from "./state.ts";
import { findUnreconciled } from "./unreconciled.ts";
import { watchdog } from "./watchdog.ts";

/** What was watched while the stack was upgraded. */
export interface Watched {
	readonly stack: Stack;
	readonly slack: SlackClient;
	/** What the second chart renders, as YAML. */
	readonly installed: string;
	/** What reading the charts announced. */
	readonly announced: readonly Reason[];
	readonly before: State;
	readonly after: State;
	/** From before the first change until everything is scraped again, in milliseconds. */
	readonly window: Absence;
	/** Undefined where the stack takes no remote writes. */
	readonly ledger: StartedLedger | undefined;
	readonly scrapedBefore: Scraped;
	/** When Watchdog was seen at Alertmanager's API, in milliseconds. */
	readonly seenAtAlertmanager: readonly number[];
	/** Undefined where no alert reaches the Slack mock. */
	readonly planted:
		| {
				readonly name: string;
				readonly told: number;
		  }
		| undefined;
}

interface Finding {
	/** What is wrong, a sentence each; none where the claim holds. */
	readonly flaws?: readonly string[];
	/** The figures. */
	readonly notes?: readonly string[];
	/** Why nothing could be checked. */
	readonly skipped?: string;
}

interface UpgradeClaim {
	readonly id: string;
	readonly title: string;
	/** What the verdict says where it does not hold. */
	readonly reason: ReasonId;
	check(watched: Watched): Promise<Finding>;
}

/** What holds through an upgrade. */
const upgradeClaims: readonly UpgradeClaim[] = [
	{
		id: "no-sample-is-lost",
		title: "every acknowledged sample of the remote writer is there once",
		reason: "samples-lost",
		check: async ({ stack, ledger }) =>
			ledger
				? checkLedger(stack, ledger)
				: { skipped: "the stack takes no remote writes" },
	},
	{
		id: "old-blocks-are-answered",
		title: "what blocks held before the upgrade is still answered",
		reason: "samples-lost",
		check: async ({ stack, window, scrapedBefore }) => {
			const { inBlocks, all } = scrapedBefore;
			const now = (await readScraped(stack, window.from)).all;
			const lost = findLostSamples(notInBlocks(all, inBlocks), now);
			return {
				flaws: findLostSamples(inBlocks, now),
				notes: [
					`${countOf(inBlocks)} samples of blocks, and ${countOf(all) - countOf(inBlocks)} that no block held yet`,
					// A series that went from the head and came back can lose what is only in the WAL at the next start,
					// whatever is upgraded: prometheus#16058. The ledger tells whether the WAL is replayed.
					...lost.map((each) => `of those not in blocks, ${each}`),
				],
			};
		},
	},
	{
		id: "targets-are-scraped",
		title: "no target goes without a scrape for longer than a restart takes",
		reason: "target-gap",
		check: async ({ stack, window, before }) => {
			const tracks = await targetTracks(stack, window);
			const gaps = tracks
				.filter(({ times }) => times.some((time) => time <= window.from))
				// What never comes back is told by same-targets.
				.filter(({ times }) => (times.at(-1) ?? 0) >= window.to - patience)
				.map((track) => ({ track, gap: longestGap(track, window) }))
				.sort((a, b) => lengthOf(b.gap) - lengthOf(a.gap));
			const late = gaps.filter(({ gap }) => lengthOf(gap) > budgets.targetGap);
			return {
				flaws: late.map(({ track, gap }) => tellGap(track, gap)),
				notes: [
					`${before.targets.size} scrape pools; the longest gaps: ${gaps
						.slice(0, 3)
						.map(({ track, gap }) => tellGap(track, gap))
						.join(", ")}`,
				],
			};
		},
	},
	{
		id: "watchdog-keeps-firing",
		title: "Watchdog fires in Prometheus and at Alertmanager all the while",
		reason: "watchdog-gap",
		check: async ({ stack, window, seenAtAlertmanager }) => {
			const tracks = [
				await watchdogTrack(stack, window),
				{ name: "Alertmanager", times: seenAtAlertmanager },
			];
			const gaps = tracks.map((track) => ({
				track,
				gap: longestGap(track, window),
			}));
			return {
				flaws: gaps
					.filter(({ gap }) => lengthOf(gap) > budgets.watchdogGap)
					.map(({ track, gap }) => tellGap(track, gap)),
				notes: [gaps.map(({ track, gap }) => tellGap(track, gap)).join(", ")],
			};
		},
	},
	{
		id: "same-targets",
		title: "the targets are those of before, but for what was announced",
		reason: "targets-differ",
		check: async ({ before, after, announced }) => ({
			flaws: [...before.targets].flatMap(([pool, count]) => {
				const now = after.targets.get(pool) ?? 0;
				return now < count &&
					!isAnnounced(announced, lossOfTargets, monitorOf(pool))
					? [`${pool} had ${count} targets up and has ${now}`]
					: [];
			}),
			notes: [
				`${sum(before.targets)} targets before, ${sum(after.targets)} after`,
			],
		}),
	},
	{
		id: "same-rules",
		title: "the rules are those of before, but for what was announced",
		reason: "rules-differ",
		check: async ({ before, after, announced }) => ({
			flaws: [...before.rules]
				.filter((rule) => !after.rules.has(rule))
				.filter(
					(rule) =>
						!isAnnounced(announced, lossOfRules, rule.split(" ")[1] ?? ""),
				)
				.map((rule) => `${rule} is gone`),
			notes: [`${before.rules.size} rules before, ${after.rules.size} after`],
		}),
	},
	{
		id: "same-dashboards",
		title: "the dashboards are those of before, but for what was announced",
		reason: "dashboards-differ",
		check: async ({ before, after, announced }) => {
			const loaded = {
				before: whatIsSeen(before.grafana)?.dashboards ?? new Set<string>(),
				// Where nobody can look, grafana-login tells.
				after: whatIsSeen(after.grafana)?.dashboards,
			};
			const gone = [...before.dashboards].filter(
				(each) => !after.dashboards.has(each),
			);
			const unloaded = [...loaded.before].filter(
				(each) => loaded.after && !loaded.after.has(each),
			);
			return {
				...(before.dashboards.size === 0 && {
					skipped: "the first chart brings no dashboard with these values",
				}),
				flaws: [
					...gone
						.filter(
							(each) =>
								!isAnnounced(
									announced,
									lossOfDashboards,
									each.split("/")[1] ?? "",
								),
						)
						.map((each) => `${each} is gone`),
					...unloaded
						.filter((each) => !isTitleAnnounced(announced, each))
						.map((each) => `Grafana no longer has the dashboard "${each}"`),
				],
				notes: [
					`${before.dashboards.size} dashboards before, ${after.dashboards.size} after; in Grafana ${loaded.before.size} and ${loaded.after?.size ?? 0}`,
				],
			};
		},
	},
	{
		id: "grafana-login",
		title: "Grafana lets in whoever has the credentials that the cluster has",
		reason: "login-lost",
		check: async ({ before, after }) => {
			const skipped = whyNotSeen(before.grafana);
			if (skipped) return { skipped };
			const now = whyNotSeen(after.grafana);
			return { flaws: now ? [now] : [] };
		},
	},
	{
		id: "grafana-datasources",
		title: "Grafana's datasources are those of before, and answer as they did",
		reason: "datasource-lost",
		check: async ({ before, after }) => {
			const old = whatIsSeen(before.grafana)?.datasources;
			const now = whatIsSeen(after.grafana)?.datasources;
			if (!old)
				return { skipped: whyNotSeen(before.grafana) ?? "nothing was seen" };
			return {
				flaws: [...old].flatMap(([name, was]) => {
					const is = now?.get(name);
					// Where nobody can look, grafana-login tells.
					if (!now) return [];
					if (!is) return [`${name} is gone`];
					return [
						...(was.answers && !is.answers ? [`${name} does not answer`] : []),
						...(was.isDefault && !is.isDefault
							? [`${name} is no longer the default`]
							: []),
					];
				}),
				notes: [
					[...old]
						.map(
							([name, { answers }]) =>
								`${name} ${answers ? "answered" : "did not answer"} before`,
						)
						.join(", "),
				],
			};
		},
	},
	{
		id: "same-volume-claims",
		title: "the volume claims are those of before",
		reason: "claim-replaced",
		check: async ({ before, after }) => ({
			flaws: [...before.claims].flatMap(([name, uid]) => {
				const now = after.claims.get(name);
				if (now === uid) return [];
				return [now ? `${name} is another claim` : `${name} is gone`];
			}),
			notes: [[...before.claims.keys()].join(", ")],
		}),
	},
	{
		id: "alerts-keep-firing",
		title: "what fired before fires after",
		reason: "alerts-lost",
		check: async ({ before, after, announced }) => {
			const firing = new Set(after.firing.map(alertKey));
			const gone = before.firing.filter((each) => !firing.has(alertKey(each)));
			return {
				flaws: gone
					.filter(
						({ labels }) => labels.alertname && stillWanted(labels.alertname),
					)
					.filter(
						({ labels }) =>
							!isAnnounced(announced, lossOfRules, labels.alertname ?? ""),
					)
					.map(({ labels }) => `${labels.alertname} ${JSON.stringify(labels)}`),
				notes: [
					`${before.firing.length} fired before, ${after.firing.length} after${gone.length > 0 ? `; no longer: ${gone.map(({ labels }) => labels.alertname).join(", ")}` : ""}`,
				],
			};
		},
	},
	{
		id: "nothing-is-refused",
		title: "no log line says that a field is unknown or refused",
		reason: "field-refused",
		check: async ({ stack, window }) => ({
			flaws: await findRefusals(stack.kube, stack.namespace, window.from),
		}),
	},
	{
		id: "nothing-is-pruned",
		title: "the cluster's CRDs have every field that the chart sets",
		reason: "field-pruned",
		check: async ({ stack, installed }) => {
			const live = await stack.kube.list(
				{
					apiVersion: "apiextensions.k8s.io/v1",
					kind: "CustomResourceDefinition",
				},
				crd,
			);
			const objects = parseManifests(installed);
			return { flaws: undeclaredBy({ objects }, live) };
		},
	},
	{
		id: "everything-is-reconciled",
		title: "the operator has reconciled every object",
		reason: "unreconciled",
		check: async ({ stack }) => ({
			flaws: await findUnreconciled(stack.kube, stack.namespace),
		}),
	},
];

/** Only Watchdog and what the test plants fire for sure; what a test cluster's own state fires comes and goes. */
function stillWanted(alertname: string): boolean {
	return alertname === watchdog || alertname.startsWith("Planted");
}

/** What was scraped before a moment, and how much of it blocks held then. */
export interface Scraped {
	readonly all: readonly RangeSeries[];
	readonly inBlocks: readonly RangeSeries[];
}

/** How far back scraped samples are compared. */
const reachBefore = "10m";

/** Reads what was scraped before a moment, in milliseconds. */
export async function readScraped(
	{ prometheus }: Stack,
	moment: number,
): Promise<Scraped> {
	const { headStats } = await prometheus.tsdbStatus();
	const all = await prometheus.rawSamples("up", reachBefore, moment);
	return {
		all,
		inBlocks: all.map(({ metric, values }) => ({
			metric,
			values: values.filter(({ timestamp }) => timestamp < headStats.minTime),
		})),
	};
}

function notInBlocks(
	all: readonly RangeSeries[],
	inBlocks: readonly RangeSeries[],
): RangeSeries[] {
	return all.map(({ metric, values }, i) => ({
		metric,
		values: values.slice(inBlocks[i]?.values.length ?? 0),
	}));
}

function countOf(series: readonly RangeSeries[]): number {
	return series.reduce((total, { values }) => total + values.length, 0);
}

/** Every acknowledged sample of a ledger is there once. */
export async function checkLedger(
	stack: Stack,
	ledger: StartedLedger,
): Promise<Finding> {
	const { written, stored } = await readLedgerBack({ ...stack, ledger });
	const values = stored.flatMap((series) => series.values);
	const taken = written.filter((entry) => entry.acknowledgedAt).length;
	return {
		flaws: compareToLedger(written, values),
		notes: [`${taken} of ${written.length} samples were acknowledged`],
	};
}

/** Checks every claim about the upgrade. A flaw is a reason of the verdict, too. */
export async function checkUpgradeClaims(
	watched: Watched,
): Promise<{ claims: ClaimResult[]; reasons: Reason[] }> {
	const claims: ClaimResult[] = [];
	const reasons: Reason[] = [];
	for (const { id, title, reason, check } of upgradeClaims) {
		const began = Date.now();
		const tell = (
			status: ClaimResult["status"],
			message: string,
			notes: readonly string[] = [],
		) =>
			claims.push({
				id: `upgrade/${id}`,
				title,
				status,
				seconds: (Date.now() - began) / 1000,
				message,
				notes: [...notes],
				tests: [],
			});
		try {
			const { flaws = [], notes, skipped } = await check(watched);
			if (skipped) tell("skipped", skipped);
			else
				tell(flaws.length > 0 ? "refuted" : "proven", flaws.join("; "), notes);
			if (flaws.length > 0)
				reasons.push(
					makeReason(reason, "upgrade", flaws[0] ?? "", { evidence: flaws }),
				);
		} catch (error) {
			if (!(error instanceof KubeError || error instanceof GroundError))
				throw error;
			tell("inconclusive", messageOf(error));
		}
	}
	return { claims, reasons: [...reasons, ...(await sideEffects(watched))] };
}

/** What an upgrade costs without losing anything. */
async function sideEffects({
	slack,
	before,
	after,
	planted,
}: Watched): Promise<Reason[]> {
	const since = new Map(
		after.firing.map((each) => [alertKey(each), each.activeAt]),
	);
	const restarted = before.firing.filter((each) => {
		const now = since.get(alertKey(each));
		return now !== undefined && now !== each.activeAt;
	});
	const told = planted
		? (await countTold(slack, planted.name)) - planted.told
		: 0;
	return [
		...(restarted.length > 0
			? [
					makeReason(
						"timers-restarted",
						"alerts",
						`${restarted.length} alerts began anew.`,
						{ evidence: restarted.map(({ labels }) => labels.alertname ?? "") },
					),
				]
			: []),
		...(planted && told > 0
			? [
					makeReason(
						"told-twice",
						planted.name,
						`Slack was told ${told} more time(s) of an alert that fired all the while.`,
					),
				]
			: []),
	];
}

/** A target is scraped each minute, and found anew within a while. */
const patience = budgets.scrapeInterval;

/** One track for each target that was scraped in a window. */
export async function targetTracks(
	{ prometheus }: Stack,
	window: Absence,
): Promise<Track[]> {
	const up = await prometheus.rawSamples("up", reach(window), window.to);
	return makeTracks(up, window, patience);
}

/** When Prometheus evaluated Watchdog as firing. */
export async function watchdogTrack(
	{ prometheus }: Stack,
	window: Absence,
): Promise<Track> {
	const found = await prometheus.rawSamples(
		`ALERTS{alertname="${watchdog}",alertstate="firing"}`,
		reach(window),
		window.to,
	);
	const times = found.flatMap(({ values }) =>
		values.map(({ timestamp }) => timestamp),
	);
	return { name: "Prometheus", times: times.sort((a, b) => a - b) };
}

/** The window and what was before it, so that a gap that begins before it is seen whole. */
function reach({ from, to }: Absence): string {
	return `${Math.ceil((to - from + budgets.scrapeInterval) / 1000)}s`;
}

/** The monitor that a scrape pool belongs to: serviceMonitor/<namespace>/<name>/<endpoint>. */
export function monitorOf(pool: string): string {
	return pool.split("/")[2] ?? pool;
}

/** What reading the charts must have said for the loss of a kind of thing to be expected. */
export const lossOfTargets: readonly ReasonId[] = [
	"monitor-gone",
	"monitor-renamed",
	"monitor-unselected",
	"workload-gone",
	"service-gone",
];
const lossOfRules: readonly ReasonId[] = [
	"alert-gone",
	"alert-renamed",
	"recording-gone",
	"rules-unselected",
];
const lossOfDashboards: readonly ReasonId[] = [
	"dashboard-gone",
	"dashboard-renamed",
];

/** Whether reading the charts announced that a dashboard goes or gets another title. */
function isTitleAnnounced(reasons: readonly Reason[], title: string): boolean {
	return flatten(reasons).some(
		({ id, subject }) =>
			[...lossOfDashboards, "dashboard-unlabelled"].includes(id) &&
			subject === title,
	);
}

/** Why nobody sees what Grafana has, or undefined where somebody does. */
function whyNotSeen(grafana: State["grafana"]): string | undefined {
	if (!grafana) return "there is no Grafana";
	return "refused" in grafana ? grafana.refused : undefined;
}

/** Whether reading the charts announced that something of this name goes. */
export function isAnnounced(
	reasons: readonly Reason[],
	ids: readonly ReasonId[],
	name: string,
): boolean {
	const wanted = new Set<string>(ids);
	return flatten(reasons).some(
		({ id, subject, evidence }) =>
			wanted.has(id) &&
			[subject, ...evidence].some((text) =>
				text.split(/[\s/]+/).includes(name),
			),
	);
}

function lengthOf({ from, to }: Absence): number {
	return to - from;
}

function tellGap({ name }: Track, gap: Absence): string {
	return `${name} ${(lengthOf(gap) / 1000).toFixed(0)} s`;
}

function sum(counts: ReadonlyMap<string, number>): number {
	return [...counts.values()].reduce((total, each) => total + each, 0);
}
