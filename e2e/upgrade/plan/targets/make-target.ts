import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { at, textAt } from "../charts/fields.ts";
import { isInChart } from "./discovered.ts";
import { relabel } from "./relabel.ts";
import type { ScrapedTarget } from "./target.ts";

/** Labels that exporters of Kubernetes' objects bring themselves, and that a monitor may let them keep. */
const ofObjects = /^(namespace|pod|container|service|endpoint|node)$/;

/** What an endpoint of a monitor scrapes there; none if its relabelings drop it. */
export function makeTarget(
	monitor: Manifest,
	endpoint: unknown,
	i: number,
	found: Pick<ScrapedTarget, "scraped" | "labels" | "pods">,
): ScrapedTarget[] {
	const path = textAt(endpoint, "path") || "/metrics";
	const labels = relabel(
		listAt(endpoint, "relabelings"),
		{ ...found.labels, __metrics_path__: path },
		(label) => found.pods !== undefined && isInChart(label),
	);
	if (!labels) return [];
	const port = portOf(endpoint, i);
	return [
		{
			owner: nameOf(monitor),
			key: `${nameOf(monitor)} ${port} ${path} ${found.scraped}`,
			port,
			scraped: found.scraped,
			labels,
			path,
			pods: found.pods,
			metricRelabelings: listAt(endpoint, "metricRelabelings"),
			keptFromSamples:
				at(endpoint, "honorLabels") === true ? ofObjects : undefined,
		},
	];
}

/** The port that an endpoint asks for, by name or number; undefined if it names none. An empty name is none. */
export function wantedPort(endpoint: unknown): unknown {
	return ["port", "portNumber", "targetPort"]
		.map((field) => at(endpoint, field))
		.find((port) => port !== undefined && port !== null && port !== "");
}

/** What an endpoint calls its port; its place in the list, if it names none. */
export function portOf(endpoint: unknown, i: number): string {
	return String(wantedPort(endpoint) ?? i);
}

/** Labels of a Service or of pods that a monitor puts on its targets. */
export function copiedLabels(
	names: readonly unknown[],
	labels: Readonly<Record<string, unknown>>,
): Record<string, string> {
	return Object.fromEntries(
		names.map(String).flatMap((name) => {
			const value = labels[name];
			return value === undefined || value === ""
				? []
				: [[name.replaceAll(/[^a-zA-Z0-9_]/g, "_"), String(value)]];
		}),
	);
}
