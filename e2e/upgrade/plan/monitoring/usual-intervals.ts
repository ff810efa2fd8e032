import { isEqual, uniqWith } from "es-toolkit";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { usualProtocols } from "../api/operator-items.ts";
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

const usual = {
	scrapeInterval: "30s",
	scrapeTimeout: "10s",
	evaluationInterval: "30s",
	ruleQueryOffset: "0s",
};

/** Whether a monitor names the protocols that Prometheus has anyway. */
export function areSameProtocols(
	{ path, from, to }: Difference,
	a: Side,
	b: Side,
): boolean {
	if (!/^scrape_?protocols$/i.test(path)) return false;
	const [old, now] = [
		from ?? soleIn(a, "scrapeProtocols", usualProtocols),
		to ?? soleIn(b, "scrapeProtocols", usualProtocols),
	];
	return old !== undefined && isEqual(old, now);
}

const ofGroups: ReadonlyMap<string, keyof typeof usual> = new Map([
	["interval", "evaluationInterval"],
	["query_offset", "ruleQueryOffset"],
]);

/** Whether a group of rules has no interval or offset on one side, and on the other that which Prometheus has anyway. */
export function isSameEvaluation(
	{ path, from, to }: Difference,
	a: Side,
	b: Side,
): boolean {
	const field = ofGroups.get(path);
	if (field === undefined) return false;
	const [old, now] = [from ?? usualIn(a, field), to ?? usualIn(b, field)];
	return old !== undefined && old === now;
}

/** What Prometheus has itself; undefined if several have different ones. */
function usualIn(side: Side, field: keyof typeof usual): unknown {
	return soleIn(side, field, () => usual[field]);
}

function soleIn(
	side: Side,
	field: string,
	usualOf: (prometheus: Manifest) => unknown,
): unknown {
	const found = uniqWith(
		objectsOf(side, "Prometheus", "PrometheusAgent").map(
			(each) => at(each, `spec.${field}`) ?? usualOf(each),
		),
		isEqual,
	);
	return found.length === 1 ? found[0] : undefined;
}
