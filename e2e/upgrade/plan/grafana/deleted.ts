import { makeReason, type Reason } from "../../reasons.ts";
import type { Provisioned } from "./provisioned.ts";

/** What Grafana is newly told to delete from its database, and is not reported as removed otherwise. */
export function compareDeleted(
	before: Provisioned,
	after: Provisioned,
): Reason[] {
	const fresh = (
		kind:
			| "datasources"
			| "muteTimings"
			| "templates"
			| "contactPoints"
			| "alerts",
		known: readonly string[],
	) =>
		after.deleted[kind].filter(
			(each) => !before.deleted[kind].includes(each) && !known.includes(each),
		);
	const uids = before.contactPoints.flatMap(({ receivers }) =>
		receivers.map(({ uid }) => uid),
	);
	return [
		...fresh(
			"datasources",
			before.datasources.map(({ name }) => name),
		).map((name) =>
			makeReason(
				"datasource-gone",
				name,
				`Grafana is told to delete its datasource ${name}: panels and alerts that use it have no data.`,
				{ wayOut: "Remove it from deleteDatasources." },
			),
		),
		...fresh("contactPoints", uids).map((uid) =>
			makeReason(
				"contact-point-gone",
				`uid ${uid}`,
				`Grafana is told to delete the contact point with the uid ${uid}: alerts that go there reach nobody.`,
				{ wayOut: "Remove it from deleteContactPoints." },
			),
		),
		...fresh(
			"alerts",
			before.alerts.map(({ uid }) => uid),
		).map((uid) =>
			makeReason(
				"grafana-alert-gone",
				`uid ${uid}`,
				`Grafana is told to delete the alert with the uid ${uid}.`,
				{ wayOut: "Remove it from deleteRules." },
			),
		),
		...fresh(
			"muteTimings",
			before.muteTimings.map(({ name }) => name),
		).map((name) =>
			makeReason(
				"grafana-policy-changed",
				`mute timing ${name}`,
				`Grafana is told to delete its mute timing ${name}.`,
			),
		),
		...fresh(
			"templates",
			before.templates.map(({ name }) => name),
		).map((name) =>
			makeReason(
				"contact-point-changed",
				`message template ${name}`,
				`Grafana is told to delete its message template ${name}.`,
			),
		),
		...(after.deleted.policies &&
		!before.deleted.policies &&
		before.policies.length === 0
			? [
					makeReason(
						"grafana-policy-changed",
						"notification policies",
						"Grafana is told to reset its notification policies: all alerts go to its default contact point.",
					),
				]
			: []),
	];
}
