import { isEqual } from "es-toolkit";
import { nameOf } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { dataOf } from "../charts/data.ts";
import { at, textAt } from "../charts/fields.ts";
import { pair } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";
import {
	type GrafanaPod,
	grafanaPodsOf,
	keepsDatabase,
	variablesOf,
} from "./grafana-pods.ts";
import { grafanaSettingsOf } from "./grafana-settings.ts";

/** The keys under which Grafana's chart writes its admin's credentials. */
const credentials = ["admin-user", "admin-password"];

/** Admin credentials of Grafana that change, or that it takes from elsewhere. They are not quoted. */
export function compareLogin(a: Side, b: Side): Reason[] {
	return [...changedCredentials(a, b), ...otherSource(a, b)];
}

function changedCredentials(a: Side, b: Side): Reason[] {
	return pair(a, b, "Secret").both.flatMap(([old, now]) => {
		const before = dataOf(old);
		const after = dataOf(now);
		const changed = credentials.filter(
			(key) => before.get(key) !== after.get(key),
		);
		const name = nameOf(now);
		// If it is random on both sides, the chart keeps it by Helm's lookup, or nobody ever knew it.
		const random = b.unstable.has(name);
		if (changed.length === 0 || (random && a.unstable.has(name))) return [];
		return [
			makeReason(
				"login-changed",
				name,
				`${changed.join(" and ")} of ${name} ${random ? "is now random" : "changes"}: Grafana refuses it, also from the sidecar that reloads dashboards, while its database has the old one.`,
			),
		];
	});
}

const ofAdmin = ["GF_SECURITY_ADMIN_USER", "GF_SECURITY_ADMIN_PASSWORD"];

/** Another Secret for the first admin's credentials: a database that is kept has the old ones. */
function otherSource(a: Side, b: Side): Reason[] {
	const [old, ...others] = grafanaPodsOf(a);
	const now = grafanaPodsOf(b).find(
		({ workload }) => old && nameOf(workload) === nameOf(old.workload),
	);
	if (!old || !now || others.length > 0) return [];
	const [before, after] = [variablesOf(a).known, variablesOf(b).known];
	const changed = ofAdmin.flatMap((variable) => {
		const [from, to] = [old, now].map((pod) => sourceOf(pod, variable));
		const [known, next] = [before.get(variable), after.get(variable)];
		const isSame = next !== undefined && known === next;
		return !from || !to || isEqual(from, to) || isSame
			? []
			: [{ from, to, isOther: known !== undefined && next !== undefined }];
	});
	const [first] = changed;
	const isKept = [a, b].every((side) =>
		keepsDatabase(side, grafanaSettingsOf(side)),
	);
	if (!first || !isKept) return [];
	const isOther = changed.some((each) => each.isOther);
	return [
		makeReason(
			"login-changed",
			nameOf(now.workload),
			`Grafana's admin comes from ${describe(first.to)} and no longer from ${describe(first.from)}, while its database keeps the old one: ${isOther ? "the new one is another, and" : "if the new one is another,"} Grafana refuses it, also from the sidecar that reloads dashboards.`,
			{
				evidence: changed.map(
					({ from, to }) => `${describe(from)} → ${describe(to)}`,
				),
				danger: isOther ? "unsafe" : "review",
				wayOut:
					"Check that the new Secret has the credentials that are in use; otherwise change them in Grafana as well.",
			},
		),
	];
}

interface Source {
	readonly name: string;
	readonly key: string;
}

/** The Secret that a variable comes from; undefined if it is another source, or none. */
function sourceOf(
	{ container }: GrafanaPod,
	variable: string,
): Source | undefined {
	const found = listAt(container, "env").find(
		(each) => textAt(each, "name") === variable,
	);
	const from = at(found, "valueFrom.secretKeyRef");
	const [name, key] = [textAt(from, "name"), textAt(from, "key")];
	return name === "" ? undefined : { name, key };
}

function describe({ name, key }: Source): string {
	return `${key} of Secret ${name}`;
}
