import { isEqual, omit } from "es-toolkit";
import { z } from "zod";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { dataOf } from "../charts/data.ts";
import { pairByKey } from "../charts/pairs.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { isDashboard, tryParseJson } from "./dashboard-content.ts";
import { isDownloaded } from "./downloaded-dashboards.ts";
import { newlySharedUids } from "./shared-uids.ts";
import { isFoundBySidecar } from "./sidecars.ts";

const dashboardSchema = z.looseObject({
	title: z.string().default(""),
	uid: z.string().nullish(),
});

interface Dashboard {
	readonly object: Manifest;
	readonly file: string;
	readonly title: string;
	readonly uid: string;
	readonly content: Record<string, unknown>;
}

/** Dashboards that are removed, added or renamed, or that Grafana's sidecar no longer finds. */
export function compareDashboards(a: Side, b: Side): Reason[] {
	const { both, gone, added } = pairByKey(
		dashboardsOf(a),
		dashboardsOf(b),
		({ file }) => file,
	);
	const reasons: Reason[] = [];
	for (const old of gone) {
		const now = added.find(
			({ title, uid }) => title === old.title || (uid && uid === old.uid),
		);
		if (now) both.push([old, now]);
		else if (!isDownloaded(b, old.file))
			reasons.push(
				makeReason(
					"dashboard-gone",
					old.title,
					`The dashboard "${old.title}" is removed.`,
					{ evidence: [nameOf(old.object)] },
				),
			);
	}
	const known = new Set(both.map(([, now]) => now));
	const fresh = added.filter((each) => !known.has(each));
	for (const [old, now] of both) {
		if (isFoundBySidecar(a, old.object) && !isFoundBySidecar(b, now.object))
			reasons.push(
				makeReason(
					"dashboard-unlabelled",
					now.title,
					`The dashboard "${now.title}" exists, but Grafana's sidecar does not find it.`,
					{
						evidence: [
							`labels of ${nameOf(now.object)}: ${JSON.stringify(now.object.metadata.labels ?? {})}`,
						],
					},
				),
			);
		if (old.title !== now.title || old.uid !== now.uid)
			reasons.push(
				makeReason(
					"dashboard-renamed",
					old.title,
					`The dashboard "${old.title}" (${old.uid}) is now "${now.title}" (${now.uid}).`,
				),
			);
	}
	reasons.push(...sharedUids(a, b));
	const changed = both
		.filter(
			([old, now]) =>
				!isEqual(
					omit(old.content, ["version"]),
					omit(now.content, ["version"]),
				),
		)
		.map(([, { title }]) => title);
	return [
		...reasons,
		...(changed.length > 0
			? [
					makeReason(
						"dashboard-changed",
						"dashboards",
						`The content of ${changed.length} dashboards changes.`,
						{ evidence: changed },
					),
				]
			: []),
		...fresh.map(({ title }) =>
			makeReason("dashboard-added", title, `The dashboard "${title}" is new.`),
		),
	];
}

/** Uids that several dashboards have, and had not before. */
function sharedUids(a: Side, b: Side): Reason[] {
	const found = (side: Side) =>
		dashboardsOf(side)
			.filter(({ object }) => isFoundBySidecar(side, object))
			.map(({ uid, title }) => ({ uid, name: title, scope: "" }));
	return newlySharedUids(found(a), found(b)).map(({ uid, names }) =>
		makeReason(
			"dashboard-uid-twice",
			`uid ${uid}`,
			`The dashboards ${names.map((each) => `"${each}"`).join(" and ")} both have the uid ${uid}.`,
		),
	);
}

function dashboardsOf(side: Side): Dashboard[] {
	return objectsOf(side, "ConfigMap")
		.filter(isDashboard)
		.flatMap((object) =>
			[...dataOf(object)].flatMap(([file, text]) => {
				const parsed = dashboardSchema.safeParse(tryParseJson(text));
				if (!parsed.success) return [];
				const { title, uid } = parsed.data;
				return [{ object, file, title, uid: uid ?? "", content: parsed.data }];
			}),
		);
}
