import { groupBy, sum, sumBy } from "es-toolkit";
import pLimit from "p-limit";
import type { GrafanaClient } from "../../clients/grafana.ts";
import type { KubeClient } from "../../clients/kubernetes.ts";
import type { PrometheusClient } from "../../clients/prometheus.ts";
import { budgets } from "../../common/budgets.ts";
import { clusterNow } from "../../common/clock/cluster-clock.ts";
import { parseDuration } from "../../common/duration.ts";
import { eventually, HopelessError, notYet } from "../../common/eventually.ts";
import { patience } from "../../common/patience.ts";
import { type Rounds, watchRounds } from "../../scraping/rounds.ts";
import { freshnessOf } from "../fresh.ts";
import { countThrough } from "./count-series.ts";
import { lookAt, offersDatasource, panelsAtOnce } from "./dashboard-queries.ts";
import type { FindExcuses } from "./excused.ts";
import { gapsThrough } from "./gaps.ts";
import type { QueriedStack, QueryFlaw } from "./judge-query.ts";
import { makeLeftOut } from "./left-out.ts";
import type { LiveLogs } from "./live-logs.ts";
import { LiveSeries } from "./live-series.ts";
import type { QueryingDashboard } from "./model.ts";
import type { PanelRequest } from "./panel-request.ts";
import type { Presence } from "./presence.ts";

/** What is seen once every query of the dashboards draws something. */
export interface DrawnDashboards {
	readonly asked: number;
	/** Where a query draws nothing, for a reason that is known. */
	readonly excused: readonly string[];
	/** The reasons by the metrics, or the logs. */
	readonly reasons: ReadonlyMap<string, string>;
	/** Types of datasources whose queries are not sent. */
	readonly unchecked: readonly string[];
	/** Of the queries with `$__rate_interval`, how many draw nothing by a datasource without a timeInterval. */
	readonly rates: { readonly all: number; readonly empty: number };
}

/** What is known of what is here, and of what is not. */
export interface Known {
	readonly excuses: FindExcuses;
	/** Those of the cluster: another one is that of an application that is not here. */
	readonly namespaces: readonly string[];
	readonly logs: LiveLogs;
	/** The names that rules of the chart which are switched off would record. */
	readonly recordsSwitchedOff: readonly string[];
	/** What Node Exporter and kube-state-metrics have to expose now. */
	readonly presence: () => Promise<Presence>;
}

/** How many causes are told. */
const shown = 8;

/** While the last panels of one are judged, those of the next are asked. */
const viewsAtOnce = 2;

/**
 * Waits until every query of dashboards draws something, with each of its datasources that a person sees first: the one
 * that the dashboard chooses, and the default one. Only what is scraped from now on counts, so that the outcome does
 * not depend on how long ago something went missing.
 */
export async function waitUntilDrawn(
	dashboards: readonly QueryingDashboard[],
	kube: KubeClient,
	grafana: GrafanaClient,
	prometheus: PrometheusClient,
	{ excuses, namespaces, logs, recordsSwitchedOff, presence }: Known,
): Promise<DrawnDashboards> {
	const since = clusterNow();
	const config = await prometheus.config();
	const freshness = freshnessOf(config, await prometheus.ruleGroups());
	const budget = Math.max(budgets.twoScrapes, freshness * patience());
	const rounds = watchRounds(kube, prometheus, budget, since);
	await waitForScrapes(rounds);
	const { active } = await prometheus.targets({ state: "active" });
	const jobs = [...new Set(active.map(({ labels }) => labels.job ?? ""))];
	const leftOut = makeLeftOut(
		{ targets: active, configs: config.scrape_configs },
		recordsSwitchedOff,
	);
	const scrapeInterval = parseDuration(config.global.scrape_interval);
	const views = dashboards.flatMap((dashboard) =>
		(offersDatasource(dashboard) ? [false, true] : [false]).map(
			(byDefault) => ({
				dashboard,
				byDefault,
				seen: undefined as Awaited<ReturnType<typeof lookAt>> | undefined,
			}),
		),
	);
	const reasons = new Map<string, string>();
	const rates = await eventually(
		`every query of the ${dashboards.length} dashboards that chart and addons ship draws something, or is excused`,
		budget,
		async () => {
			const { whyHopeless } = await rounds();
			const groups = await prometheus.ruleGroups();
			const live = new LiveSeries(
				groups,
				excuses,
				countThrough(grafana),
				{ scraped: since, recorded: clusterNow() - freshness },
				{ namespaces, jobs, ...leftOut, ...(await presence()) },
			);
			const stack: QueriedStack = {
				grafana,
				datasources: await grafana.datasources(),
				live,
				hasGaps: gapsThrough(grafana, scrapeInterval),
				logs,
				scrapeInterval,
				since,
			};
			const open = views.filter(({ seen }) => !seen || seen.flaws.length > 0);
			await pLimit(viewsAtOnce).map(open, async (view) => {
				view.seen = await lookAt(view.dashboard, view.byDefault, stack);
			});
			for (const [what, reason] of [...live.excuses, ...logs.excuses])
				reasons.set(what, reason);
			const flaws = views.flatMap(({ seen }) => seen?.flaws ?? []);
			if (flaws.length === 0) return countEmptyRates(views, stack);
			const clause = sumUp(flaws);
			if (flaws.every(({ lasting }) => lasting))
				throw new HopelessError(clause);
			const hopeless = whyHopeless(
				flaws.map(({ where, what }) => `${where}: ${what}`),
			);
			if (hopeless) throw new HopelessError(`${clause}; ${hopeless}`);
			return notYet(clause);
		},
	);
	const all = views.flatMap(({ seen }) => seen ?? []);
	return {
		asked: all.reduce((total, { asked }) => total + asked, 0),
		excused: [...new Set(all.flatMap((each) => each.excused))],
		reasons,
		unchecked: [...new Set(all.flatMap(({ unchecked }) => unchecked))],
		rates,
	};
}

/** Waits until each target of each replica was scraped: a datasource may lead to any. */
async function waitForScrapes(rounds: () => Promise<Rounds>): Promise<void> {
	await eventually(
		"Prometheus has scraped every target since the test began",
		budgets.scrapeInterval,
		async () => {
			const { late } = await rounds();
			if (late.length > 0)
				return notYet(`${late.length} were not, ${late[0]} among them`);
		},
	);
}

/** Of the queries by the default datasource. */
async function countEmptyRates(
	views: readonly {
		readonly byDefault: boolean;
		readonly seen: { readonly rates: readonly PanelRequest[] } | undefined;
	}[],
	{ grafana }: QueriedStack,
): Promise<DrawnDashboards["rates"]> {
	const requests = views.flatMap(({ byDefault, seen }) =>
		byDefault ? (seen?.rates ?? []) : [],
	);
	const empty = await pLimit(panelsAtOnce).map(
		requests,
		async ({ body, asked }) => {
			const results = await grafana.query(body);
			return asked.filter(({ refId }) => !results.get(refId)?.rows).length;
		},
	);
	return {
		all: sumBy(requests, ({ asked }) => asked.length),
		empty: sum(empty),
	};
}

/** A sentence for each cause, with one of the queries that it breaks and how many more there are. */
export function sumUp(flaws: readonly QueryFlaw[]): string {
	const byCause = Object.values(
		groupBy(flaws, ({ cause, what }) => cause ?? what),
	);
	const sentences = byCause.slice(0, shown).map(([first, ...others]) => {
		if (!first) return "";
		const { where, what, cause } = first;
		const more = others.length > 0 ? ` (and ${others.length} more)` : "";
		return `${where}${more}: ${[what, cause ?? []].flat().join(", because ")}`;
	});
	const left = byCause.length - sentences.length;
	return [...sentences, ...(left > 0 ? [`and ${left} other causes`] : [])].join(
		"; ",
	);
}
