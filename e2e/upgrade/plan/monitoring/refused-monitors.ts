import { uniq } from "es-toolkit";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { parseDuration } from "../../../common/duration.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { at, textAt } from "../charts/fields.ts";
import { monitorKinds } from "../charts/operator-kinds.ts";
import { objectKey, objectsOf, type Side } from "../charts/side.ts";
import { anchored } from "../targets/relabel.ts";
import { isSelected } from "./selectors.ts";

/** Monitors that the operator leaves out because Prometheus would refuse what they say, and did not leave out before. */
export function compareRefusedMonitors(a: Side, b: Side): Reason[] {
	const known = new Map(
		objectsOf(a, ...monitorKinds).map((each) => [
			objectKey(each),
			problemsOf(each, a),
		]),
	);
	return objectsOf(b, ...monitorKinds)
		.filter((each) => isSelected(b, each))
		.flatMap((each) => {
			const before = known.get(objectKey(each)) ?? [];
			const found = problemsOf(each, b).filter(
				(problem) => !before.includes(problem),
			);
			return found.length === 0
				? []
				: [
						makeReason(
							"object-refused",
							`${nameOf(each)} (operator)`,
							`The operator leaves ${nameOf(each)} out, so that its targets are not scraped: ${found[0]}.`,
							{
								evidence: found,
								wayOut:
									"Correct the monitor; until then only the operator's log says why.",
							},
						),
					];
		});
}

function problemsOf(monitor: Manifest, side: Side): string[] {
	const spec = monitor.spec;
	const parts = [
		spec,
		...listAt(spec, "endpoints"),
		...listAt(spec, "podMetricsEndpoints"),
	];
	const relabelings = parts.flatMap((part) => [
		...listAt(part, "relabelings"),
		...listAt(part, "metricRelabelings"),
	]);
	return uniq([
		...parts.flatMap((part) => timeoutProblems(part, side)),
		...relabelings.flatMap(relabelingProblems),
	]);
}

/** Without an interval of its own, that of Prometheus counts. */
function timeoutProblems(part: unknown, side: Side): string[] {
	const timeout = textAt(part, "scrapeTimeout");
	const own = textAt(part, "interval") || textAt(part, "scrapeInterval");
	const usual = objectsOf(side, "Prometheus", "PrometheusAgent").map(
		(each) => textAt(each, "spec.scrapeInterval") || "30s",
	);
	const intervals = own ? [own] : usual;
	return timeout !== "" &&
		intervals.length > 0 &&
		intervals.every((each) => isLonger(timeout, each))
		? [
				`scrapeTimeout is ${timeout}, and longer than the interval of ${intervals[0]}`,
			]
		: [];
}

/** What cannot be read is refused by the CRD. */
function isLonger(one: string, other: string): boolean {
	try {
		return parseDuration(one) > parseDuration(other);
	} catch {
		return false;
	}
}

function relabelingProblems(rule: unknown): string[] {
	const action = (textAt(rule, "action") || "replace").toLowerCase();
	const regex = textAt(rule, "regex");
	return [
		...(regex !== "" && !anchored(regex)
			? [`${regex} of a relabeling is no regular expression`]
			: []),
		...(/^(replace|hashmod|lowercase|uppercase|keepequal|dropequal)$/.test(
			action,
		) && textAt(rule, "targetLabel") === ""
			? [`a relabeling with the action ${action} needs a targetLabel`]
			: []),
		...(action === "hashmod" && !at(rule, "modulus")
			? ["a relabeling with the action hashmod needs a modulus"]
			: []),
	];
}
