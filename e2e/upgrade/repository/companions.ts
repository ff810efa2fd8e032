import { posix } from "node:path";
import type { Manifest } from "../../clients/kube-objects.ts";
import {
	mapAt,
	stringAt,
	type YamlMap,
	yamlAt,
} from "../../common/parsing/yaml-map.ts";
import { monitorKinds } from "../plan/charts/operator-kinds.ts";
import {
	isDashboard,
	tryParseJson,
} from "../plan/grafana/dashboard-content.ts";
import { readUmbrellaTemplate } from "./beside/umbrella.ts";
import { objectsIn } from "./documents.ts";
import { pathFrom, type RepositoryTree } from "./git/tree.ts";
import type { FoundRelease } from "./release.ts";

/** Rules, dashboards, monitors and routes of the person's that are beside a release, and not in its values. */
export interface Companions {
	readonly objects: readonly Manifest[];
	/** What was left out, a sentence each. */
	readonly unknown: readonly string[];
}

/** Characters that are read: parsing dashboards in YAML takes long. */
const most = 8 * 1024 ** 2;

const rules =
	/kind["']?:\s*["']?(PrometheusRule|GrafanaDashboard|ServiceMonitor|PodMonitor|Probe|ScrapeConfig|AlertmanagerConfig)\b/;
const panels = /"panels"\s*:\s*\[/;

/** @param stacks all releases of the stack: what is nearer to another one belongs to that */
export function findCompanions(
	tree: RepositoryTree,
	release: FoundRelease,
	stacks: readonly FoundRelease[],
): Companions {
	const chart = release.umbrella?.path;
	const files = tree.paths.filter(
		(path) =>
			/\.(ya?ml|json)$/.test(path) &&
			isWanted(tree, path) &&
			isNearest(path, release, stacks) &&
			(chartOf(tree, path) === undefined || isTemplateOf(path, chart)),
	);
	let length = 0;
	const read = files.filter((path) => {
		length += tree.read(path)?.length ?? 0;
		return length <= most;
	});
	const objects = read
		.flatMap((path) => objectsOfFile(tree, path, release))
		.map((each) => withNamespace(each, release));
	const distinct = new Map(
		objects.map((each) => [
			`${each.kind} ${each.metadata.namespace} ${each.metadata.name}`,
			each,
		]),
	);
	return {
		objects: [...distinct.values()],
		unknown:
			read.length < files.length
				? [
						`${files.length - read.length} files with rules, dashboards or monitors are left out: together they are too large`,
					]
				: [],
	};
}

function isWanted(tree: RepositoryTree, path: string): boolean {
	const text = tree.read(path) ?? "";
	return rules.test(text) || panels.test(text);
}

/** The folder of the chart that a file is in; such files are objects only once Helm has rendered them. */
function chartOf(tree: RepositoryTree, path: string): string | undefined {
	for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
		if (tree.has(pathFrom(folder, "Chart.yaml"))) return folder;
		if (folder === ".") return undefined;
	}
}

function isTemplateOf(path: string, chart: string | undefined): boolean {
	return chart !== undefined && path.startsWith(pathFrom(chart, "templates/"));
}

function isNearest(
	path: string,
	{ place }: FoundRelease,
	stacks: readonly FoundRelease[],
): boolean {
	const own = commonDepth(path, place.file);
	return stacks.every((each) => commonDepth(path, each.place.file) <= own);
}

function commonDepth(a: string, b: string): number {
	const others = posix.dirname(b).split("/");
	const folders = posix.dirname(a).split("/");
	const apart = folders.findIndex((each, i) => each !== others[i]);
	return apart === -1 ? folders.length : apart;
}

function objectsOfFile(
	tree: RepositoryTree,
	path: string,
	release: FoundRelease,
): Manifest[] {
	const text = tree.read(path) ?? "";
	if (path.endsWith(".json") && !rules.test(text)) {
		const dashboard = tryParseJson(text);
		const isOne = ["schemaVersion", "uid", "templating"].some(
			(key) => yamlAt(dashboard, key) !== undefined,
		);
		const name = posix.basename(path, ".json");
		return isOne ? [makeDashboard(name, text)] : [];
	}
	const objects = isTemplateOf(path, release.umbrella?.path)
		? readUmbrellaTemplate(tree, path, release).objects
		: objectsIn(tree.documents(path));
	return objects.flatMap(({ content }) => toUser(content));
}

/** What the operator reads; it is in a namespace, and that counts. */
const operatorKinds = ["PrometheusRule", "AlertmanagerConfig", ...monitorKinds];

/** What names no namespace gets one where it is applied, which is mostly that of the release. */
function withNamespace(
	object: Manifest,
	{ namespace }: FoundRelease,
): Manifest {
	return operatorKinds.includes(object.kind) &&
		!object.metadata.namespace &&
		namespace !== ""
		? { ...object, metadata: { ...object.metadata, namespace } }
		: object;
}

/** An object that asks for metrics, or says where they are. */
function toUser(object: YamlMap): Manifest[] {
	const name = stringAt(object, "metadata", "name") ?? "";
	const kind = stringAt(object, "kind") ?? "";
	if (kind === "GrafanaDashboard") {
		const json = stringAt(object, "spec", "json");
		return json === undefined ? [] : [makeDashboard(name, json)];
	}
	const manifest: Manifest = {
		...object,
		apiVersion: stringAt(object, "apiVersion") ?? "v1",
		kind,
		metadata: {
			name,
			namespace: stringAt(object, "metadata", "namespace"),
			labels: Object.fromEntries(
				Object.entries(mapAt(object, "metadata", "labels")).map(
					([key, value]) => [key, String(value)],
				),
			),
		},
	};
	const isWanted = operatorKinds.includes(kind);
	return isWanted || isDashboard(manifest) ? [manifest] : [];
}

function makeDashboard(name: string, json: string): Manifest {
	return {
		apiVersion: "v1",
		kind: "ConfigMap",
		metadata: { name },
		data: { "dashboard.json": json },
	};
}
