import { stringAt, type YamlMap } from "../../../common/parsing/yaml-map.ts";
import type { FilePlace } from "../documents.ts";
import type { UnreadPart } from "../unread.ts";

/** An object as it is after Kustomize. */
export interface Resource {
	readonly object: YamlMap;
	readonly place: FilePlace;
	/** Names that it had before a prefix or suffix; other objects may refer to it by them. */
	readonly formerNames: readonly string[];
	/** Of a generated ConfigMap or Secret: the file that each key was read from. */
	readonly files: Readonly<Record<string, string>>;
	/** What was made up in it, a sentence each. */
	readonly unknown: readonly string[];
	/** What of it is not read, but compared. */
	readonly unread?: readonly UnreadPart[];
	/** Why no answer can be given for what it installs, if that is so. */
	readonly problem?: string;
}

export function makeResource(object: YamlMap, place: FilePlace): Resource {
	return { object, place, formerNames: [], files: {}, unknown: [] };
}

export function kindOf({ object }: Resource): string {
	return stringAt(object, "kind") ?? "";
}

/** The API group, without the version; empty for the core's. */
export function groupOf({ object }: Resource): string {
	const version = stringAt(object, "apiVersion") ?? "";
	return version.includes("/") ? (version.split("/")[0] ?? "") : "";
}

export function nameOfResource({ object }: Resource): string {
	return stringAt(object, "metadata", "name") ?? "";
}

export function namespaceOf({ object }: Resource): string | undefined {
	return stringAt(object, "metadata", "namespace");
}

/** Whether others mean this object by a name. */
export function isCalled(resource: Resource, name: string): boolean {
	return [nameOfResource(resource), ...resource.formerNames].includes(name);
}

/** The object with other metadata. */
export function withMetadata(resource: Resource, changes: YamlMap): Resource {
	const { object } = resource;
	const metadata = object.metadata;
	return {
		...resource,
		object: {
			...object,
			metadata: {
				...(typeof metadata === "object" ? metadata : {}),
				...changes,
			},
		},
	};
}
