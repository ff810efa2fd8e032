import pLimit from "p-limit";
import { KubeError } from "../../clients/api-server/kube-error.ts";
import { clusterNow } from "../../common/clock/cluster-clock.ts";
import { messageOf } from "../../common/errors.ts";
import {
	judgeQuery,
	type QueriedStack,
	type QueryFlaw,
} from "./judge-query.ts";
import type { Panel, QueryingDashboard, Variable } from "./model.ts";
import { makePanelRequest, type PanelRequest } from "./panel-request.ts";
import { whySilent } from "./silent-panel.ts";
import { rangeOfPanel, readRange, tryRead } from "./time.ts";
import { makeUnsetRates } from "./unset-rates.ts";
import { askForOptions, findGone } from "./variable-options.ts";
import { queryOf, resolveVariables } from "./variables.ts";

/** How many panels ask at once. */
export const panelsAtOnce = 6;

/** The result of one look at a dashboard's panels. */
interface Look {
	readonly flaws: readonly QueryFlaw[];
	/** How many queries were sent of which samples were wanted. */
	readonly asked: number;
	/** Those that draw nothing for a reason that is known. */
	readonly excused: readonly string[];
	/** Types of datasources that are not asked. */
	readonly unchecked: readonly string[];
	/** Requests with `$__rate_interval`, to be sent as they would be without a datasource's timeInterval. */
	readonly rates: readonly PanelRequest[];
}

/** Sends every query of a dashboard as Grafana's pages do. @param byDefault see `Surroundings` */
export async function lookAt(
	dashboard: QueryingDashboard,
	byDefault: boolean,
	stack: QueriedStack,
): Promise<Look> {
	const { title, time, variables, panels, lost } = dashboard;
	const range = tryRead(() => readRange(time, clusterNow()));
	if ("flaw" in range)
		return {
			flaws: [
				{ where: `${title}, its time range`, what: range.flaw, lasting: true },
			],
			asked: 0,
			excused: [],
			unchecked: [],
			rates: [],
		};
	const flaws: QueryFlaw[] = [];
	const values = await resolveVariables(variables, {
		title,
		range,
		datasources: stack.datasources,
		byDefault,
		ask: async (variable, known) => {
			const where = `${title}, variable ${variable.name}`;
			try {
				const options = await askForOptions(stack, range, variable, known);
				if (options && "flaw" in options) {
					flaws.push({ where, what: options.flaw, lasting: true });
					return "refused";
				}
				const gone = options?.length
					? await findGone(stack, variable, known)
					: [];
				if (gone.length > 0)
					flaws.push({
						where,
						what: `its query ${queryOf(variable)} still has options`,
						cause: `there is no sample any more of ${gone.join(", ")}`,
						lasting: false,
					});
				return options;
			} catch (error) {
				flaws.push({ where, ...explainRefusal(variable, error) });
				return "refused";
			}
		},
	});
	for (const panel of lost) {
		const { name, uid } = panel.libraryPanel ?? { name: "", uid: "" };
		flaws.push({
			where: `${title}, ${panel.title || name || "panel without a title"}`,
			what: `it is the library panel ${name || uid} (${uid}), which Grafana does not have: a dashboard's file does not bring it`,
			lasting: true,
		});
	}
	const requests = panels.map((panel) => ({
		panel,
		request: makePanelRequest(
			panel,
			values,
			stack.datasources,
			rangeOfPanel(panel, range),
		),
	}));
	const excused: string[] = [];
	const limit = pLimit(panelsAtOnce);
	await limit.map(requests, async ({ panel, request }) => {
		for (const [refId, what] of request.flaws)
			flaws.push({ where: nameOf(title, panel, refId), what, lasting: true });
		const silent = whySilent(panel, request);
		if (silent)
			flaws.push({
				where: `${title}, ${panel.title || "panel without a title"}`,
				what: silent,
				lasting: true,
			});
		if (request.asked.length === 0) return;
		if (request.asked.some(({ datasource }) => datasource?.type === "loki"))
			await stack.logs.prepare();
		const results = await stack.grafana.query(request.body);
		for (const query of request.asked) {
			const found = await judgeQuery(
				query,
				results.get(query.refId),
				request,
				stack,
			);
			const where = nameOf(title, panel, query.refId);
			if (found === "excused") excused.push(where);
			else if (found) flaws.push({ where, ...found });
		}
	});
	return {
		flaws,
		excused,
		asked: requests.reduce((sum, { request }) => sum + request.asked.length, 0),
		unchecked: requests.flatMap(({ request }) => request.unchecked),
		rates: panels
			.map((panel) =>
				makeUnsetRates(
					panel,
					values,
					stack.datasources,
					rangeOfPanel(panel, range),
				),
			)
			.filter(({ asked }) => asked.length > 0),
	};
}

/** @throws the error itself if there was no answer at all */
function explainRefusal(
	variable: Variable,
	error: unknown,
): Pick<QueryFlaw, "what" | "lasting"> {
	const {
		noAnswer = false,
		status,
		body,
	} = error instanceof KubeError ? error : {};
	if (noAnswer) throw error;
	return {
		what: `its query ${queryOf(variable)} is refused: ${body || messageOf(error)}`,
		lasting: status === undefined || status < 500,
	};
}

/** Whether a dashboard shows other data if a person chooses the default datasource. */
export function offersDatasource({
	variables,
}: Pick<QueryingDashboard, "variables">): boolean {
	return variables.some(
		({ type, current }) =>
			type === "datasource" && current?.value !== "default",
	);
}

function nameOf(title: string, panel: Panel, refId: string): string {
	const own = panel.timeFrom
		? ` (its own time range is ${panel.timeFrom})`
		: "";
	return `${title}, ${panel.title || "panel without a title"} ${refId}${own}`;
}
