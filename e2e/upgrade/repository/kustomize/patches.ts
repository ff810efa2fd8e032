import { applyPatch, type Operation } from "rfc6902";
import { parse } from "yaml";
import { asGoReads } from "../../../common/parsing/go-yaml.ts";
import {
	isMap,
	mapAt,
	stringAt,
	type YamlMap,
	yamlAt,
} from "../../../common/parsing/yaml-map.ts";
import { parseDocuments } from "../documents.ts";
import {
	groupOf,
	isCalled,
	kindOf,
	namespaceOf,
	type Resource,
} from "./resource.ts";

/**
 * Applies a patch as Kustomize does, strategic merge or JSON 6902. Custom resources have no schema there, so that a
 * strategic merge is a JSON merge.
 *
 * @param target by default what the patch itself names
 */
export function applyKustomizePatch(
	resources: readonly Resource[],
	text: string,
	target: YamlMap | undefined,
): Resource[] {
	const operations = parseOperations(text);
	if (operations)
		return resources.map((each) =>
			target && isTarget(each, target) ? operate(each, operations) : each,
		);
	return parseDocuments(text, "a patch").reduce<Resource[]>(
		(before, { content }) =>
			before.flatMap((each) => {
				const isMeant = target
					? isTarget(each, target)
					: isNamedBy(each, content);
				if (!isMeant) return [each];
				if (content.$patch === "delete") return [];
				// What selects the object is not changed, whatever the patch calls it.
				const { apiVersion: _, kind: __, metadata, ...rest } = content;
				const { name: ___, ...ownMetadata } = isMap(metadata) ? metadata : {};
				const change = { ...rest, metadata: ownMetadata };
				const merged = mergePatch(each.object, change);
				return isMap(merged) ? [{ ...each, object: merged }] : [];
			}),
		[...resources],
	);
}

/** Undefined if a text is no list of operations. */
function parseOperations(text: string): Operation[] | undefined {
	try {
		const list: unknown = parse(text, { logLevel: "silent", ...asGoReads });
		return Array.isArray(list) ? list : undefined;
	} catch {
		return undefined;
	}
}

function operate(
	resource: Resource,
	operations: readonly Operation[],
): Resource {
	const object = structuredClone(resource.object);
	applyPatch(object, structuredClone([...operations]));
	return { ...resource, object };
}

/** RFC 7386, with the directive that replaces a map. */
export function mergePatch(below: unknown, above: unknown): unknown {
	if (!isMap(above)) return above;
	const { $patch: directive, ...changes } = above;
	if (directive === "replace") return changes;
	const merged: Record<string, unknown> = isMap(below) ? { ...below } : {};
	for (const [key, value] of Object.entries(changes)) {
		if (value === null || yamlAt(value, "$patch") === "delete")
			delete merged[key];
		else merged[key] = mergePatch(merged[key], value);
	}
	return merged;
}

function isNamedBy(resource: Resource, patch: YamlMap): boolean {
	const name = stringAt(patch, "metadata", "name");
	const namespace = stringAt(patch, "metadata", "namespace");
	return (
		kindOf(resource) === patch.kind &&
		name !== undefined &&
		isCalled(resource, name) &&
		[undefined, namespaceOf(resource)].includes(namespace)
	);
}

/** Whether a patch's target means an object: names are regular expressions of the whole. */
function isTarget(resource: Resource, target: YamlMap): boolean {
	const matches = (key: string, values: readonly (string | undefined)[]) => {
		const pattern = stringAt(target, key);
		return (
			!pattern || values.some((value) => isWhole(pattern, value ?? "default"))
		);
	};
	const { object } = resource;
	const version = stringAt(object, "apiVersion")?.split("/").at(-1);
	return (
		matches("group", [groupOf(resource)]) &&
		matches("version", [version]) &&
		matches("kind", [kindOf(resource)]) &&
		matches("name", [
			stringAt(object, "metadata", "name"),
			...resource.formerNames,
		]) &&
		matches("namespace", [namespaceOf(resource)]) &&
		isSelected(
			stringAt(target, "labelSelector"),
			mapAt(object, "metadata", "labels"),
		) &&
		isSelected(
			stringAt(target, "annotationSelector"),
			mapAt(object, "metadata", "annotations"),
		)
	);
}

function isWhole(pattern: string, value: string): boolean {
	try {
		return new RegExp(`^(?:${pattern})$`).test(value);
	} catch {
		return pattern === value;
	}
}

/** Selectors as kubectl takes them, of equality only: `a=b, c!=d, e, !f`. */
function isSelected(selector: string | undefined, labels: YamlMap): boolean {
	const conditions = selector?.split(",").map((each) => each.trim()) ?? [];
	return conditions.every((condition) => {
		const [, not, key = "", operator, value] =
			/^(!?)([^=!\s]+)\s*(==?|!=)?\s*(.*)$/.exec(condition) ?? [];
		if (!operator) return key in labels !== (not === "!");
		return (labels[key] === value) === (operator !== "!=");
	});
}
