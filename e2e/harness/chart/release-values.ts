import { parse } from "yaml";
import { asGoReads } from "../../common/parsing/go-yaml.ts";
import { refersToItself } from "../../common/parsing/yaml-content.ts";
import {
	isMap,
	listAt,
	mapAt,
	mapsAt,
	stringAt,
	type YamlMap,
} from "../../common/parsing/yaml-map.ts";
import { isEncryptedText, isSopsDocument } from "./encryption.ts";

/** Values that were taken out of an object of Kubernetes. */
interface ObjectValues {
	readonly values: YamlMap;
	/** What was read. */
	readonly what: string;
}
type Read = ObjectValues | { readonly problem: string };

const stack = "kube-prometheus-stack";
const withRepo = "npm run upgrade -- --repo <dir> reads them together";

const readers: Readonly<Record<string, (object: YamlMap) => Read>> = {
	HelmRelease: readHelmRelease,
	Application: readApplicationObject,
	HelmChart: readHelmChart,
	HelmChartConfig: readHelmChart,
	ConfigMap: readDataObject,
	Secret: readDataObject,
};

/** Reads the values out of the one object that has some. */
export function readValuesObject(objects: readonly YamlMap[]): Read {
	const flat = objects.flatMap((each) =>
		/List$/.test(stringAt(each, "kind") ?? "") ? mapsAt(each, "items") : [each],
	);
	const kinds = ["HelmRelease", "Application", "HelmChart", "HelmChartConfig"];
	const releases = flat.filter((each) =>
		kinds.includes(stringAt(each, "kind") ?? ""),
	);
	const [object, ...others] = releases.length > 0 ? releases : flat;
	if (!object) return { problem: "it is an empty list of objects, no values" };
	const names = [object, ...others].map(nameOfObject);
	if (others.length > 0)
		return {
			problem: `it holds ${names.length} objects (${names.slice(0, 3).join(", ")}${names.length > 3 ? " and more" : ""}), no values: name a file with one of them, or use npm run upgrade -- --repo <dir>`,
		};
	const read = readers[stringAt(object, "kind") ?? ""];
	return read
		? read(object)
		: {
				problem: `it is the ${nameOfObject(object)}, an object of Kubernetes and no values`,
			};
}

function nameOfObject(object: YamlMap): string {
	const { kind } = object;
	const name = stringAt(object, "metadata", "name");
	return [kind, name].filter(Boolean).join(" ");
}

function readHelmRelease(object: YamlMap): Read {
	const what = nameOfObject(object);
	const values = mapAt(object, "spec", "values");
	const refusal = otherChart(
		what,
		stringAt(object, "spec", "chart", "spec", "chart"),
		values,
	);
	if (refusal) return refusal;
	const sources = mapsAt(object, "spec", "valuesFrom").map(
		(each) => `${stringAt(each, "kind")} ${stringAt(each, "name")}`,
	);
	return sources.length > 0
		? {
				problem: `it is the ${what}, which also takes values from ${sources.join(" and ")}: ${withRepo}`,
			}
		: { values, what: `it is the ${what}: its spec.values are read` };
}

function readApplicationObject(object: YamlMap): Read {
	const what = nameOfObject(object);
	const sources = [
		mapAt(object, "spec", "source"),
		...mapsAt(object, "spec", "sources"),
	].filter((each) => "chart" in each || "helm" in each);
	const source =
		sources.find((each) => each.chart === stack) ??
		(sources.length === 1 ? sources[0] : undefined);
	if (!source)
		return { problem: `it is the ${what}, which installs no ${stack}` };
	const helm = mapAt(source, "helm");
	const files = listAt(helm, "valueFiles");
	if (files.length > 0 || listAt(helm, "parameters").length > 0)
		return {
			problem: `it is the ${what}, which also takes values from ${files.length > 0 ? files.join(" and ") : "parameters"}: ${withRepo}`,
		};
	const values =
		"valuesObject" in helm
			? mapAt(helm, "valuesObject")
			: mapOf(stringAt(helm, "values") ?? "");
	return (
		otherChart(what, stringAt(source, "chart"), values) ?? {
			values,
			what: `it is the ${what}: its helm values are read`,
		}
	);
}

function readHelmChart(object: YamlMap): Read {
	const what = nameOfObject(object);
	const values = mapOf(stringAt(object, "spec", "valuesContent") ?? "");
	return (
		otherChart(what, stringAt(object, "spec", "chart"), values) ?? {
			values,
			what: `it is the ${what}: its spec.valuesContent is read`,
		}
	);
}

/** A ConfigMap or Secret with a values file in it. */
function readDataObject(object: YamlMap): Read {
	const what = nameOfObject(object);
	const texts = new Map<string, string>();
	const decode = object.kind === "Secret" && !isSopsDocument(object);
	for (const [key, value] of Object.entries(mapAt(object, "data")))
		texts.set(
			key,
			decode ? Buffer.from(String(value), "base64").toString() : String(value),
		);
	for (const [key, value] of Object.entries(mapAt(object, "stringData")))
		texts.set(key, String(value));
	const files = [...texts.keys()].filter((key) =>
		/\.ya?ml$|^values$/.test(key),
	);
	const key = files.includes("values.yaml") ? "values.yaml" : files[0];
	if (key === undefined || (files.length > 1 && key !== "values.yaml"))
		return {
			problem: `it is the ${what}, with ${files.length > 1 ? `${files.join(", ")} in it: put the one with the values into a file` : "no values file in it"}`,
		};
	const text = texts.get(key) ?? "";
	if (isEncryptedText(text))
		return {
			problem: `it is the ${what}, and ${key} in it is encrypted: decrypt it first`,
		};
	return { values: mapOf(text), what: `it is the ${what}: its ${key} is read` };
}

/** Refuses values of another chart. Those of an umbrella chart are nested under the stack's name. */
function otherChart(
	what: string,
	chart: string | undefined,
	values: YamlMap,
): { problem: string } | undefined {
	const name = chart?.split("/").at(-1);
	return name === undefined || name === stack || stack in values
		? undefined
		: {
				problem: `it is the ${what}, of the chart ${name} and not of ${stack}`,
			};
}

function mapOf(text: string): YamlMap {
	try {
		const value: unknown = parse(text, {
			merge: true,
			logLevel: "silent",
			...asGoReads,
		});
		return isMap(value) && !refersToItself(value) ? value : {};
	} catch {
		return {};
	}
}
