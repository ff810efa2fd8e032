import {
	type Document,
	isMap as isYamlMap,
	parseAllDocuments,
	visit,
} from "yaml";
import { asGoReads, writeGoYaml } from "../../common/parsing/go-yaml.ts";
import { contentOf } from "../../common/parsing/yaml-content.ts";
import {
	isMap,
	mapAt,
	stringAt,
	type YamlMap,
} from "../../common/parsing/yaml-map.ts";
import {
	isEncryptedText,
	isSopsDocument,
	withoutEncryption,
} from "./encryption.ts";
import { foreignForm } from "./foreign-forms.ts";
import { readValuesObject } from "./release-values.ts";
import { findStackValues, stackKeys } from "./stack-keys.ts";
import { valuesProblem, whatIsWrong } from "./values-file.ts";

/** Values as they are in a file of any form. */
export interface FormValues {
	/** YAML */
	readonly content: string;
	/** What the file is, and what was read of it; undefined for a plain values file. */
	readonly readAs?: string;
	/** The same for an umbrella chart, in YAML, if that is what they were written for. */
	readonly asUmbrella?: string;
}

/** What makes a file unfit for values, for the end of a sentence that begins with its name. */
export interface UnfitValues {
	readonly problem: string;
}

const stack = "kube-prometheus-stack";

/** Reads values out of a file's text, or says what it is instead. @param name of the file */
export function readForm(
	written: string,
	name: string,
): FormValues | UnfitValues {
	// Helm's `get values` begins with this.
	const text = written.replace(/^USER-SUPPLIED VALUES:\s*\n/, "");
	if (isEncryptedText(text))
		return {
			problem:
				"it is encrypted: decrypt it first, and name the file that has the values",
		};
	if (text.includes("\0"))
		return { problem: "it is a binary file, not values in YAML" };
	const documents = parseDocumentsOf(text);
	if ("problem" in documents) return documents;
	const { values } = documents;
	if (values.length === 0)
		return {
			content: "",
			readAs: "it is empty: these are the chart's own defaults",
		};
	const objects = values.filter(isMap).filter(isObject);
	if (objects.length > 0) {
		const read = readValuesObject(objects);
		if ("problem" in read) return read;
		const what = `${read.what}${describeMore(values.length - 1)}`;
		// What a release has is the stack's; data may be anything.
		const isData = objects.some((each) => isMap(each.data ?? each.stringData));
		return nested(read.values, what, isData);
	}
	const [first] = values;
	const foreign = foreignForm(first, name);
	if (foreign) return { problem: foreign };
	const problem = valuesProblem(text);
	return problem ? { problem } : readMap(first, text);
}

/** Whether a document is an object of Kubernetes. Its apiVersion is forgotten at times. */
function isObject(document: YamlMap): boolean {
	return (
		stringAt(document, "kind") !== undefined &&
		["apiVersion", "metadata", "spec"].some((key) => key in document)
	);
}

function describeMore(count: number): string {
	return count > 0
		? `, without the other ${count === 1 ? "document" : `${count} documents`} in it`
		: "";
}

/** The documents that hold something. */
function parseDocumentsOf(text: string): { values: unknown[] } | UnfitValues {
	try {
		const values = parseAllDocuments(text, {
			merge: true,
			uniqueKeys: false,
			logLevel: "silent",
			...asGoReads,
		}).map((document) => {
			const [error] = document.errors;
			if (error) throw error;
			const at = templateIn(document);
			if (at !== undefined)
				throw new TemplateError(`line ${text.slice(0, at).split("\n").length}`);
			return contentOf(document);
		});
		return {
			values: values.filter((each) => each !== null && each !== undefined),
		};
	} catch (error) {
		const isTemplate = error instanceof TemplateError;
		const line = isTemplate ? error.message : whatIsWrong(error);
		return {
			problem:
				isTemplate || /\{\{.*\}\}/.test(text)
					? `it holds templates ({{ ... }}), as of a chart or a helmfile, and is no YAML as it stands (${line}): render it first`
					: (line ?? "it is no YAML"),
		};
	}
}

class TemplateError extends Error {}

/**
 * Where a document has `{{ ... }}` outside of a text, which YAML takes for a map whose key is a map; undefined if nowhere.
 * In a text, it is the chart's or Alertmanager's to render.
 */
function templateIn(document: Document): number | undefined {
	let found: number | undefined;
	visit(document, {
		Map(_, { flow, items, range }) {
			const [first] = items;
			if (!flow || items.length !== 1 || !isYamlMap(first?.key)) return;
			found = range?.[0] ?? 0;
			return visit.BREAK;
		},
	});
	return found;
}

function readMap(value: unknown, text: string): FormValues | UnfitValues {
	if (!isMap(value)) return { content: text };
	if (!isSopsDocument(value)) return nested(value, undefined, true, text);
	const { content, paths, isWhole } = withoutEncryption(value);
	return isWhole
		? {
				problem:
					"it is encrypted by SOPS, every value of it: decrypt it first (sops --decrypt)",
			}
		: nested(
				content,
				`it is encrypted by SOPS: placeholders stand for ${paths.join(", ")}`,
				true,
			);
}

/**
 * Takes values out of the key of the chart's name, as those of an umbrella chart are.
 *
 * @param isDoubted whether they may be anything
 * @param text the values as they are written, if that is how they are
 */
function nested(
	values: YamlMap,
	what: string | undefined,
	isDoubted: boolean,
	text?: string,
): FormValues | UnfitValues {
	const [path = [], ...rivals] = findStackValues(values, stack);
	if (rivals.length > 0)
		return {
			problem: `the values of ${stack} may be those under ${[path, ...rivals].map((each) => each.join(".")).join(" or ")}: name a file that has no others`,
		};
	if (path.length === 0) {
		const names = Object.keys(values);
		if (
			isDoubted &&
			names.length > 0 &&
			!names.some((each) => stackKeys.has(each))
		)
			return {
				problem: `it has no key of ${stack}, but ${names.slice(0, 3).join(", ")}${names.length > 3 ? " and more" : ""}: these are no values of it`,
			};
		const none =
			names.length === 0
				? "; there are none, so these are the chart's own defaults"
				: "";
		return {
			content: text ?? writeGoYaml(values),
			...(what !== undefined && { readAs: `${what}${none}` }),
		};
	}
	const own = mapAt(values, ...path);
	const global = { ...mapAt(own, "global"), ...mapAt(values, "global") };
	const others = Object.keys(values).filter(
		(each) => each !== path[0] && each !== "global",
	);
	const sentence = `its values are nested under ${path.join(".")}, as those of an umbrella chart${others.length > 0 ? `; ${others.join(", ")} are left out` : ""}`;
	return {
		content: writeGoYaml(
			Object.keys(global).length > 0 ? { ...own, global } : own,
		),
		readAs: what === undefined ? sentence : `${what}; ${sentence}`,
		asUmbrella: text ?? writeGoYaml(values),
	};
}
