import { z } from "zod";
import { parseDuration } from "../../../common/duration.ts";
import { readValues } from "./read-values.ts";

const route = z.looseObject({
	group_wait: z.unknown().optional(),
	group_interval: z.unknown().optional(),
	get routes() {
		return z.array(route).nullish();
	},
});
type Route = z.infer<typeof route>;
const values = z.looseObject({
	alertmanager: z.looseObject({
		config: z.looseObject({ route }),
	}),
});
const waits = ["group_wait", "group_interval"] as const;

/** A wait of a route below the root route that the test replaces. */
export interface ShortenedWait {
	/** e.g. `alertmanager.config.route.routes[1].group_wait` */
	readonly path: string;
	readonly said: string;
	readonly value: string;
}

/** Values that replace what others say of Alertmanager's routes, and what they replace. */
export interface ShortWaits {
	/** YAML; undefined if nothing is replaced. */
	readonly content: string | undefined;
	readonly shortened: readonly ShortenedWait[];
}

/**
 * Replaces the waits of all routes by those that the test's overrides have for the root route, where those are shorter. A
 * list in values replaces the whole list of earlier ones, so the last one counts.
 *
 * @param layers contents of values files, in their order
 * @param overrides the test's overrides
 */
export function shortenWaits(
	layers: readonly string[],
	overrides: string,
): ShortWaits {
	const root = readRootRoute(overrides);
	const routes = layers
		.map((each) => readRootRoute(each)?.routes)
		.findLast((each) => each);
	const shortened: ShortenedWait[] = [];
	const shorten = (each: Route, path: string): Route => {
		const changed = { ...each };
		for (const wait of waits) {
			const [said, value] = [each[wait], root?.[wait]];
			if (typeof said !== "string" || typeof value !== "string") continue;
			if (!isShorter(value, said)) continue;
			changed[wait] = value;
			shortened.push({ path: `${path}.${wait}`, said, value });
		}
		return each.routes
			? {
					...changed,
					routes: each.routes.map((child, i) =>
						shorten(child, `${path}.routes[${i}]`),
					),
				}
			: changed;
	};
	const path = "alertmanager.config.route";
	const short = shorten({ routes }, path);
	return {
		content:
			shortened.length > 0
				? JSON.stringify({
						alertmanager: { config: { route: { routes: short.routes } } },
					})
				: undefined,
		shortened,
	};
}

/** What has another shape is the chart's to refuse. */
function readRootRoute(content: string): Route | undefined {
	const { data } = values.safeParse(readValues(content));
	return data?.alertmanager.config.route;
}

/** Neither if one is no duration: Alertmanager refuses it. */
function isShorter(one: string, other: string): boolean {
	try {
		return parseDuration(one) < parseDuration(other);
	} catch {
		return false;
	}
}
