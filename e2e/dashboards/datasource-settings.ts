import type { Datasource } from "../clients/grafana.ts";
import { parseDuration } from "../common/duration.ts";
import { promisedDatasources } from "./promised-datasources.ts";
import { readInterval } from "./queries/time.ts";

/** What Grafana takes where a datasource does not say how often targets are scraped. */
const unset = "15s";

/** Seconds that Grafana must at least wait for the answer to a query over months. */
const shortestTimeout = 10;

/** How often a datasource says that targets are scraped, e.g. `60s`; of what Grafana cannot read, what it takes instead. */
export function timeIntervalOf({
	jsonData: { timeInterval },
}: Pick<Datasource, "jsonData">): string {
	return typeof timeInterval === "string" &&
		timeInterval &&
		isInterval(timeInterval)
		? timeInterval
		: unset;
}

/** What is wrong with the settings of datasources, as sentences. */
export function findWrongSettings(all: readonly Datasource[]): string[] {
	const uids = new Set(all.map(({ uid }) => uid));
	return all.flatMap(({ name, jsonData }) => {
		const { timeInterval, customQueryParameters } = jsonData;
		const lost = referencesIn(jsonData).filter(([, uid]) => !uids.has(uid));
		return [
			...lost.map(
				([key, uid]) =>
					`datasource ${name} has ${key}: ${uid}, and no datasource has this uid: there are ${[...uids].sort().join(", ")}`,
			),
			...(typeof customQueryParameters === "string" &&
			/\bstoreMatch\b/.test(customQueryParameters)
				? [
						`datasource ${name} has customQueryParameters: ${customQueryParameters}, by which Thanos asks only some of its stores`,
					]
				: []),
			// A further datasource may be for graphs of years alone.
			...(promisedDatasources.some((each) => each.name === name) &&
			typeof customQueryParameters === "string" &&
			isCoarse(customQueryParameters)
				? [
						`datasource ${name} has customQueryParameters: ${customQueryParameters}, by which Thanos answers with one sample per hour where blocks are downsampled: rates over minutes are empty`,
					]
				: []),
			...findShortTimes(jsonData).map(
				(setting) =>
					`datasource ${name} has ${setting}, and a query over months may take longer: give it ${shortestTimeout} s or more`,
			),
			...(typeof timeInterval === "number"
				? [
						`datasource ${name} has timeInterval: ${timeInterval}, a number, and Grafana wants a text like "60s": it refuses every query`,
					]
				: timeInterval && !isInterval(timeInterval)
					? [
							`datasource ${name} has timeInterval: ${timeInterval}, which is no duration like 60s`,
						]
					: []),
		];
	});
}

/** Settings that end a query before a slow one has an answer. */
function findShortTimes({
	timeout,
	customQueryParameters,
}: Datasource["jsonData"]): string[] {
	const asked =
		typeof customQueryParameters === "string"
			? new URLSearchParams(customQueryParameters).get("timeout")
			: null;
	const isSet = typeof timeout === "number" || typeof timeout === "string";
	return [
		// Grafana takes 0 and nothing for its own time-out.
		...(isSet && Number(timeout) > 0 && Number(timeout) < shortestTimeout
			? [`timeout: ${timeout} (seconds)`]
			: []),
		...(asked &&
		isInterval(asked) &&
		readInterval(asked) < shortestTimeout * 1000
			? [`customQueryParameters: ${customQueryParameters}`]
			: []),
	];
}

/** The uids of other datasources, to which links lead: keys and values at any depth. */
function referencesIn(settings: unknown): [key: string, uid: string][] {
	if (typeof settings !== "object" || settings === null) return [];
	return Object.entries(settings).flatMap(([key, value]) =>
		typeof value === "string"
			? isReference(key, value)
				? [[key, value] satisfies [string, string]]
				: []
			: referencesIn(value),
	);
}

/** A variable is filled in elsewhere. */
function isReference(key: string, value: string): boolean {
	return (
		/^(datasourceUid|.+DatasourceUid|alertmanagerUid)$/.test(key) &&
		value !== "" &&
		!value.includes("$")
	);
}

/**
 * Whether Thanos is to take its coarsest samples for every query, whatever the time between two points. There are samples
 * as stored, of five minutes and of an hour: less than an hour asks for those of five minutes.
 */
function isCoarse(parameters: string): boolean {
	const asked = new URLSearchParams(parameters).get("max_source_resolution");
	return (
		asked !== null &&
		asked !== "auto" &&
		isInterval(asked) &&
		readInterval(asked) >= parseDuration("1h")
	);
}

function isInterval(text: string): boolean {
	try {
		readInterval(text);
		return true;
	} catch {
		return false;
	}
}
