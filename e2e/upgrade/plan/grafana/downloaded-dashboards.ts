import { uniqBy } from "es-toolkit";
import { nameOf } from "../../../clients/kube-objects.ts";
import { oncePerObject } from "../../../common/parsing/once-per-object.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { dataOf } from "../charts/data.ts";
import { at } from "../charts/fields.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { isDashboard, tryParseJson } from "./dashboard-content.ts";
import { grafanaPodsOf } from "./grafana-pods.ts";

/** A dashboard that Grafana's pod downloads when it starts. */
interface Download {
	/** Where it is written to, e.g. `/var/lib/grafana/dashboards/default/node.json`. */
	readonly path: string;
	/** Its file. */
	readonly file: string;
	/** Its number at grafana.com; empty if it is from elsewhere. */
	readonly id: string;
	/** Without its revision. */
	readonly url: string;
	/** The object that has the script. */
	readonly script: string;
}

/** The dashboards that the script of Grafana's chart downloads. */
export const downloadsOf = oncePerObject((side: Side): Download[] =>
	objectsOf(side, "ConfigMap").flatMap((object) =>
		(dataOf(object).get("download_dashboards.sh") ?? "")
			.split(/^\s*curl\s/m)
			.slice(1)
			.flatMap((block) => {
				const path = />\s*"?([^"\s]+\.json)"?\s*$/m.exec(block)?.[1];
				const url = /^\s*"([^"]+:\/\/[^"]+)"/m.exec(block)?.[1] ?? "";
				return path === undefined
					? []
					: [
							{
								path,
								file: path.split("/").at(-1) ?? path,
								id: /grafana\.com\/api\/dashboards\/(\d+)/.exec(url)?.[1] ?? "",
								url: url.replace(/\/revisions\/.*$/, ""),
								script: nameOf(object),
							},
						];
			}),
	),
);

/** Dashboards that were downloaded and are not any more, neither under another name nor from a ConfigMap. */
export function compareDownloads(a: Side, b: Side): Reason[] {
	// Without Grafana, that is what there is to say.
	if (grafanaPodsOf(b).length === 0) return [];
	const after = downloadsOf(b);
	const written = objectsOf(b, "ConfigMap")
		.concat(b.companions ?? [])
		.filter(isDashboard)
		.flatMap((object) => [...dataOf(object)])
		.map(([file, text]) => ({
			file,
			id: String(at(tryParseJson(text), "gnetId") ?? ""),
		}));
	const gone = downloadsOf(a).filter(
		({ file, url, id }) =>
			!after.some((each) => each.file === file || each.url === url) &&
			!written.some(
				(each) => each.file === file || (id !== "" && each.id === id),
			),
	);
	return uniqBy(gone, ({ file }) => file).map(({ file, id, script }) => {
		const name = file.replace(/\.json$/, "");
		return makeReason(
			"dashboard-gone",
			name,
			`Grafana no longer downloads the dashboard ${name}${id === "" ? "" : ` (${id} of grafana.com)`}.`,
			{
				evidence: [script],
				wayOut: "Add it to grafana.dashboards again, if you use it.",
			},
		);
	});
}

/** Whether a dashboard of a ConfigMap is downloaded now, under the same name. */
export function isDownloaded(side: Side, file: string): boolean {
	return downloadsOf(side).some((each) => each.file === file);
}
