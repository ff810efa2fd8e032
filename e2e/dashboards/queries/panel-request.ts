import type { Datasource } from "../../clients/grafana.ts";
import { timeIntervalOf } from "../datasource-settings.ts";
import { datasourceRefOf, resolveDatasource } from "./datasource-refs.ts";
import {
	fillIn,
	findEmpty,
	findUnfilled,
	inLogql,
	inPromql,
	type NothingToChoose,
	type VariableValues,
	whyUnfilled,
	widen,
} from "./interpolation.ts";
import type { Panel, Target } from "./model.ts";
import { intervalOf, type QueriedRange, tryRead } from "./time.ts";

/** A query as it is sent, of which a person wants to see samples. */
export interface AskedQuery {
	readonly refId: string;
	/** Undefined for an expression over the panel's other queries. */
	readonly datasource: Datasource | undefined;
	/** As the dashboard has it. */
	readonly written: string;
	/** With the dashboard's variables filled in. */
	readonly expression: string;
	/** The same, whatever a person chooses. */
	readonly widened: string;
	/** The variables in it that have nothing to choose from. */
	readonly empty: readonly NothingToChoose[];
	/** How far apart its points are to be, in milliseconds. */
	readonly intervalMs: number;
}

/** What Grafana's pages send for a panel. */
export interface PanelRequest {
	readonly body: {
		readonly from: string;
		readonly to: string;
		readonly queries: readonly Readonly<Record<string, unknown>>[];
	};
	readonly asked: readonly AskedQuery[];
	/** Why targets cannot be sent, by their refIds. */
	readonly flaws: ReadonlyMap<string, string>;
	/** The types of datasources whose queries are not sent here. */
	readonly unchecked: readonly string[];
	/** Whether each target is switched off, or has no query. */
	readonly isSilent: boolean;
}

/** The pixels of a whole row of panels on a screen that is 1920 wide: a graph gets a point for each. */
const rowWidth = 1850;
const columns = 24;

/** Makes the request that a panel sends when it is shown; a query that is hidden is sent for an expression only. */
export function makePanelRequest(
	panel: Panel,
	values: VariableValues,
	datasources: readonly Datasource[],
	range: QueriedRange,
): PanelRequest {
	const queries: Record<string, unknown>[] = [];
	const asked: AskedQuery[] = [];
	const flaws = new Map<string, string>();
	const unchecked: string[] = [];
	const resolved = panel.targets.map((target, i) => ({
		target,
		refId: target.refId ?? String.fromCharCode("A".charCodeAt(0) + i),
		found: resolveDatasource(
			datasourceRefOf(panel, target),
			values,
			datasources,
		),
	}));
	const calculates = resolved.some(({ found }) => isExpression(found));
	const maxDataPoints =
		panel.maxDataPoints ??
		Math.round(((panel.gridPos?.w ?? columns) / columns) * rowWidth);

	for (const { target, refId, found } of resolved) {
		if (target.hide && !calculates) continue;
		if ("flaw" in found) {
			flaws.set(refId, found.flaw);
			continue;
		}
		if (isExpression(found)) {
			queries.push({
				...target,
				refId,
				datasource: { type: "__expr__", uid: "__expr__" },
			});
			if (!target.hide)
				asked.push({
					refId,
					datasource: undefined,
					written: String(target.expression ?? ""),
					expression: "",
					widened: "",
					empty: [],
					intervalMs: 0,
				});
			continue;
		}
		if (!("datasource" in found)) continue;
		const { datasource } = found;
		const { type, uid } = datasource;
		if (!isKnown(type)) {
			unchecked.push(type);
			continue;
		}
		const written = target.expr ?? "";
		if (!written) continue;
		const expression = fillIn(written, values, quoteOf[type]);
		const [unknown] = findUnfilled(expression);
		if (unknown) {
			flaws.set(
				refId,
				`${expression} uses ${unknown}, ${whyUnfilled(unknown, values)}`,
			);
			continue;
		}
		const least = panel.interval
			? fillIn(panel.interval, values)
			: type === "prometheus"
				? timeIntervalOf(datasource)
				: undefined;
		const interval = tryRead(() => ({
			ms: intervalOf(range, maxDataPoints, least),
		}));
		if ("flaw" in interval) {
			flaws.set(refId, `its least interval is ${interval.flaw}`);
			continue;
		}
		const intervalMs = interval.ms;
		for (const form of formsOf(target, refId, type)) {
			queries.push({
				...target,
				...form,
				// A graph is no less of one without them.
				exemplar: false,
				expr: withoutAuto(expression, form),
				legendFormat: fillIn(String(target.legendFormat ?? ""), values),
				interval: fillIn(String(target.interval ?? ""), values),
				datasource: { type, uid },
				intervalMs,
				maxDataPoints,
				utcOffsetSec: 0,
			});
			if (!target.hide)
				asked.push({
					refId: form.refId,
					datasource,
					written,
					expression,
					widened: fillIn(widen(written), values, quoteOf[type]),
					empty: findEmpty(written, values),
					intervalMs,
				});
		}
	}
	const isSilent = resolved.every(
		({ target, found }) =>
			target.hide || ("datasource" in found && !target.expr),
	);
	const { from } = range;
	const to = range.to + (isGraph(resolved, asked) ? longestStep(asked) : 0);
	return {
		body: { from: String(from), to: String(to), queries },
		asked,
		flaws,
		unchecked,
		isSilent,
	};
}

/** Whether the whole panel is graphs over time. */
function isGraph(
	targets: readonly {
		readonly target: Target;
		readonly found: ReturnType<typeof resolveDatasource>;
	}[],
	asked: readonly AskedQuery[],
): boolean {
	return (
		asked.every(({ datasource }) => datasource?.type === "prometheus") &&
		targets.every(
			({ target, found }) => !target.instant && !isExpression(found),
		)
	);
}

/**
 * Grafana ends a graph at its last whole step: a person sees what is stored now up to a step later, a minute here. With
 * this much added to its end, it is seen at once.
 */
function longestStep(asked: readonly AskedQuery[]): number {
	return Math.max(0, ...asked.map(({ intervalMs }) => intervalMs));
}

const quoteOf = { prometheus: inPromql, loki: inLogql };

function isKnown(type: string): type is keyof typeof quoteOf {
	return type in quoteOf;
}

function isExpression(found: ReturnType<typeof resolveDatasource>): boolean {
	return "own" in found && found.own === "expression";
}

/** Loki's `$__auto`, which older Grafanas do not know, by names that all of them know. */
function withoutAuto(
	expression: string,
	{ queryType }: Readonly<Record<string, unknown>>,
): string {
	const meant = queryType === "instant" ? "$__range" : "$__interval";
	return expression.replaceAll(/\$__auto\b|\$\{__auto\}/g, () => meant);
}

/** Prometheus' "Both" is two queries. */
function formsOf(
	{ instant, range, queryType, maxLines }: Target,
	refId: string,
	type: keyof typeof quoteOf,
): ({ readonly refId: string } & Readonly<Record<string, unknown>>)[] {
	if (type === "loki")
		return [
			{
				refId,
				queryType: queryType || (instant ? "instant" : "range"),
				maxLines: maxLines ?? 1000,
			},
		];
	return instant && range
		? [
				{ refId, instant: false },
				{ refId: `${refId}_Instant`, range: false },
			]
		: [{ refId }];
}
