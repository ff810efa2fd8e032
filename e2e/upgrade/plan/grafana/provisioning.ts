import type { ReasonId } from "../../reason-kinds.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import {
	type Difference,
	describeDifference,
	differencesOf,
} from "../charts/differences.ts";
import { textAt } from "../charts/fields.ts";
import { pairByKey } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";
import { ofAlertmanager } from "../monitoring/go-template/functions.ts";
import { templateErrorIn } from "../monitoring/go-template/parse.ts";
import { compareDatasources } from "./datasources.ts";
import { compareDeleted } from "./deleted.ts";
import {
	plainAlert,
	plainContactPoint,
	plainPolicies,
} from "./plain-provisioning.ts";
import { type NamedProvision, provisionedIn } from "./provisioned.ts";
import { compareRefusedProvisions } from "./refused-provisions.ts";

/** Grafana's datasources, contact points, policies and alerts that are removed, changed or new. */
export function compareProvisioning(a: Side, b: Side): Reason[] {
	const before = provisionedIn(a);
	const after = provisionedIn(b);
	const points = pairByKey(
		before.contactPoints,
		after.contactPoints,
		({ name }) => name,
	);
	const alerts = pairByKey(before.alerts, after.alerts, ({ title }) => title);
	return [
		...compareDatasources(before.datasources, after.datasources, b),
		...points.gone.map(({ name }) =>
			makeReason(
				"contact-point-gone",
				name,
				`Grafana's contact point ${name} is removed: alerts that go there reach nobody.`,
			),
		),
		...points.both.flatMap(([old, now]) =>
			changed(
				"contact-point-changed",
				now.name,
				`Grafana's contact point ${now.name} changes.`,
				differencesOf(plainContactPoint(old), plainContactPoint(now)),
				// Its settings hold addresses and secrets.
				({ path }) => path,
			),
		),
		...alerts.gone.map(({ title }) =>
			makeReason(
				"grafana-alert-gone",
				title,
				`Grafana's alert ${title} is removed.`,
			),
		),
		...alerts.both.flatMap(([old, now]) =>
			changed(
				"grafana-alert-changed",
				now.title,
				`Grafana's alert ${now.title} changes.`,
				differencesOf(plainAlert(old), plainAlert(now)),
			),
		),
		...changed(
			"grafana-policy-changed",
			"notification policies",
			"Grafana's notification policies change: alerts may go elsewhere.",
			differencesOf(
				plainPolicies(before.policies),
				plainPolicies(after.policies),
				"policies",
			),
		),
		...compareParts("mute timing", before.muteTimings, after.muteTimings),
		...compareParts("message template", before.templates, after.templates),
		...brokenTemplates(before.templates, after.templates),
		...compareDeleted(before, after),
		...compareRefusedProvisions(a, b),
	];
}

/** Message templates that Go's engine cannot read, and could before; Grafana has functions of its own, which are not known. */
function brokenTemplates(
	before: readonly NamedProvision[],
	after: readonly NamedProvision[],
): Reason[] {
	const problemOf = (each: NamedProvision) =>
		templateErrorIn(textAt(each, "template"), ofAlertmanager);
	const known = new Map(before.map((each) => [each.name, problemOf(each)]));
	return after.flatMap((each) => {
		const problem = problemOf(each);
		return problem === undefined ||
			/there is no function/.test(problem) ||
			known.get(each.name) === problem
			? []
			: [
					makeReason(
						"notification-fails",
						`Grafana's message template ${each.name}`,
						`Grafana refuses its message template ${each.name}, and does not start: ${problem}.`,
						{ wayOut: "Correct the template in grafana.alerting." },
					),
				];
	});
}

/** Parts that policies and contact points refer to. */
function compareParts(
	what: string,
	before: readonly NamedProvision[],
	after: readonly NamedProvision[],
): Reason[] {
	const { both, gone } = pairByKey(before, after, ({ name }) => name);
	const id =
		what === "mute timing" ? "grafana-policy-changed" : "contact-point-changed";
	return [
		...gone.map(({ name }) =>
			makeReason(
				id,
				`${what} ${name}`,
				`Grafana's ${what} ${name} is removed: what refers to it may be refused.`,
			),
		),
		...both.flatMap(([old, now]) =>
			changed(
				id,
				`${what} ${now.name}`,
				`Grafana's ${what} ${now.name} changes.`,
				differencesOf(old, now),
			),
		),
	];
}

/** A reason if anything differs. */
function changed(
	id: ReasonId,
	subject: string,
	message: string,
	found: readonly Difference[],
	describe = describeDifference,
): Reason[] {
	return found.length === 0
		? []
		: [makeReason(id, subject, message, { evidence: found.map(describe) })];
}
