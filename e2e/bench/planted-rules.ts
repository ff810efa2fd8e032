import { chunk, range } from "es-toolkit";
import { type Manifest, monitoringV1 } from "../clients/kube-objects.ts";
import {
	namespaceOfCopy,
	plantedMetrics,
	selectPlanted,
} from "./planted-names.ts";
import type { Work } from "./work.ts";

/** How many of a copy's alerts fire: each comes from a rule of its own. */
export function countFiring({
	alerts,
	alertRules,
}: Pick<Work, "alerts" | "alertRules">): number {
	return Math.min(alerts, alertRules);
}

/** The rules, spread over as many objects as the stack has, each with one group. */
export function makePlantedRules(
	copy: number,
	work: Work,
	release: string,
): Manifest[] {
	const namespace = namespaceOfCopy(copy);
	const rules = [
		...range(work.recordingRules).map((i) => ({
			record: `o11y_e2e_scale:value:sum_${copy}_${i}`,
			expr: `sum by (job) (${selectPlanted(plantedMetrics.gauge, copy, i, work)})`,
		})),
		...range(work.alertRules).map((i) => makeAlert(copy, i, work)),
	];
	const each = Math.ceil(rules.length / Math.max(1, work.ruleObjects));
	return chunk(rules, Math.max(1, each)).map((own, i) => ({
		apiVersion: monitoringV1,
		kind: "PrometheusRule",
		metadata: { name: `rules-${i}`, namespace, labels: { release } },
		spec: { groups: [{ name: `scale-${copy}-${i}`, rules: own }] },
	}));
}

/** The first ones always fire, by the name that the homelab promises to send to nobody; the others never do. */
function makeAlert(copy: number, i: number, work: Work) {
	const namespace = namespaceOfCopy(copy);
	const annotations = { summary: "planted by the bench" };
	return i < countFiring(work)
		? {
				alert: "InfoInhibitor",
				expr: "vector(1)",
				labels: { severity: "none", namespace, number: String(i) },
				annotations,
			}
		: {
				alert: `ScaleValueNegative${copy}x${i}`,
				expr: `${selectPlanted(plantedMetrics.gauge, copy, i, work)} < 0`,
				labels: { severity: i % 2 === 0 ? "critical" : "warning" },
				annotations,
			};
}
