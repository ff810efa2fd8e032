import { z } from "zod";
import type { Datasource, GrafanaClient } from "../../clients/grafana.ts";
import type { LokiClient } from "../../clients/loki.ts";
import { clusterNow } from "../../common/clock/cluster-clock.ts";
import { labelsNeededBy, streamSelectorsIn } from "./log-labels.ts";

/** Without a stream there is no list. */
const names = z.looseObject({ data: z.array(z.string()).nullish() });

/** How far back labels are looked for, in milliseconds. */
const hour = 3_600_000;

/** Few in each stream: Loki limits their number. */
const usualLabels = [
	["namespace", "pod", "container", "stream"],
	["namespace", "app", "job", "instance"],
	["namespace", "component", "node_name", "level"],
	["cluster", "service_name", "host", "detected_level"],
	["node", "service", "hostname", "unit"],
	["namespace", "name", "container_name", "filename"],
] as const;

const lines = [
	'level=info msg="planted by a test" status=200 duration=10ms',
	'level=error msg="planted by a test: error" status=500 duration=1s',
	'{"level":"info","msg":"planted by a test","status":200}',
	'{"level":"error","msg":"planted by a test: error","status":500}',
];

/** Sends lines with the labels that collectors of Kubernetes' logs usually give. @param namespace that of the test */
export async function plantUsualLogs(
	loki: Pick<LokiClient, "push">,
	namespace: string,
): Promise<void> {
	for (const labels of usualLabels) {
		const stream = labels.map((name) => [
			name,
			name === "namespace" ? namespace : "planted",
		]);
		await loki.push(Object.fromEntries(stream), lines);
	}
}

/** The names of the labels that a datasource's logs have had in the last hour. */
type AskLabels = (datasource: Pick<Datasource, "uid">) => Promise<string[]>;

/** Asks through Grafana, because a datasource says which tenant's logs they are. */
export function labelsThrough(grafana: GrafanaClient): AskLabels {
	return async (datasource) => {
		const now = clusterNow();
		const time = { start: nanoseconds(now - hour), end: nanoseconds(now) };
		const answer = await grafana.resources(datasource).get("/labels", time);
		return answer.read(names).data ?? [];
	};
}

/**
 * What queries of logs can draw. Nothing here collects the logs of a homelab, so a query may find no line; but it must
 * select by labels that logs have.
 */
export class LiveLogs {
	readonly #labels: AskLabels;
	readonly #plant: () => Promise<void>;
	#planted: Promise<void> | undefined;
	readonly #reasons = new Map<string, string>();

	/** @param plant sends lines with the usual labels; it is called once, before the first query of logs */
	constructor(labels: AskLabels, plant: () => Promise<void>) {
		this.#labels = labels;
		this.#plant = plant;
	}

	/** Why selectors may find nothing, of those that were excused. */
	get excuses(): ReadonlyMap<string, string> {
		return this.#reasons;
	}

	/** Sees to it that there are lines with the usual labels. */
	prepare(): Promise<void> {
		this.#planted ??= this.#plant();
		return this.#planted;
	}

	/** Why no stream can ever fit an expression, as a clause; undefined if it is only that nothing has sent such logs. */
	async whyNever(
		datasource: Pick<Datasource, "uid" | "name">,
		expression: string,
	): Promise<string | undefined> {
		const why = await this.whyUnknown(datasource, labelsNeededBy(expression));
		if (!why)
			for (const selector of streamSelectorsIn(expression))
				this.#reasons.set(
					`line of ${selector} that fits`,
					"nothing here collects the homelab's logs",
				);
		return why;
	}

	/** Why one of these labels is none that logs have. */
	async whyUnknown(
		datasource: Pick<Datasource, "uid" | "name">,
		labels: readonly string[],
	): Promise<string | undefined> {
		await this.prepare();
		const known = await this.#labels(datasource);
		const unknown = labels.filter((each) => !known.includes(each));
		return unknown.length > 0
			? `no log in ${datasource.name} has the label ${unknown.join(", ")}: there are ${known.join(", ") || "none"}`
			: undefined;
	}
}

function nanoseconds(time: number): string {
	return `${Math.trunc(time)}000000`;
}
