import { uniq } from "es-toolkit";
import type { Difference } from "../charts/differences.ts";
import { at } from "../charts/fields.ts";
import { objectsOf, type Side } from "../charts/side.ts";

/** Whether a monitor or a job has no interval on one side, and on the other that which Prometheus has anyway. */
export function isSameInterval(
	{ path, from, to }: Difference,
	a: Side,
	b: Side,
): boolean {
	const name = /(^|\.)(interval|scrape_?interval|scrape_?timeout)$/i
		.exec(path)?.[2]
		?.replaceAll("_", "")
		.toLowerCase();
	if (name === undefined) return false;
	const field = name === "scrapetimeout" ? "scrapeTimeout" : "scrapeInterval";
	const [old, now] = [from ?? usualIn(a, field), to ?? usualIn(b, field)];
	return old !== undefined && old === now;
}

const usual = { scrapeInterval: "30s", scrapeTimeout: "10s" };

/** What Prometheus has itself; undefined if several have different ones. */
function usualIn(side: Side, field: keyof typeof usual): unknown {
	const found = uniq(
		objectsOf(side, "Prometheus", "PrometheusAgent").map(
			(each) => at(each, `spec.${field}`) ?? usual[field],
		),
	);
	return found.length === 1 ? found[0] : undefined;
}
