import { writeGoYaml } from "../../common/parsing/go-yaml.ts";
import type { YamlMap } from "../../common/parsing/yaml-map.ts";
import {
	isEncryptedText,
	withoutEncryption,
} from "../../harness/chart/encryption.ts";
import type { ValuesFile } from "../../harness/chart/values-file.ts";
import type { Tool } from "../tools/tool.ts";
import type { NeededObject } from "./beside/needed-object.ts";
import { type FilePlace, parseDocuments } from "./documents.ts";
import type { RepositoryTree } from "./git/tree.ts";
import type { UnreadPart } from "./unread.ts";

/** What installs a release. */
export type Deployer =
	| "Flux"
	| "Argo CD"
	| "Helmfile"
	| "Kustomize"
	| "Helm"
	| "k3s"
	| "Fleet"
	| "Terraform";

/** The chart of a release, as the repository names it. */
export interface ChartReference {
	/** e.g. kube-prometheus-stack */
	readonly name: string;
	/** A version or a range of them; undefined for the newest. */
	readonly version: string | undefined;
	/** An oci:// reference with the chart's name, or the URL of a chart repository; undefined if it is not said. */
	readonly source: string | undefined;
	/** A chart in the repository itself: its folder, or a .tgz. */
	readonly path?: string;
	/** Why it cannot be installed as it is written, if that is so; the end of a sentence. */
	readonly problem?: string;
}

/** A release as one revision has it. */
export interface FoundRelease {
	readonly deployer: Deployer;
	readonly name: string;
	/** Empty if it is not said. */
	readonly namespace: string;
	readonly chart: ChartReference;
	/** In their order; the last one wins. */
	readonly values: readonly ValuesFile[];
	readonly place: FilePlace;
	/** Tells apart what one definition becomes in several clusters or environments; empty if there is only one. */
	readonly variant: string;
	/** What cannot be known and was made up or left out, a sentence each. */
	readonly unknown: readonly string[];
	/** What is not read, but compared. */
	readonly unread?: readonly UnreadPart[];
	/** The chart in the repository that depends on this one and is what is installed, with all of its values. */
	readonly umbrella?: {
		readonly path: string;
		readonly values: readonly ValuesFile[];
	};
	/** Secrets and ConfigMaps that its values name, and that are made beside it. */
	readonly needs?: readonly NeededObject[];
	/** What installs it does so, with the settings that the repository says. */
	readonly tool: Tool;
}

/** Values in the form of a file. */
export function makeValues(name: string, content: YamlMap): ValuesFile {
	return { name, content: writeGoYaml(content) };
}

/** Values that were read, with what is not known of them. */
export interface ReadValues {
	readonly files: readonly ValuesFile[];
	readonly unknown: readonly string[];
	readonly unread?: readonly UnreadPart[];
}

/** Values that are encrypted as a whole. */
function makeEncrypted(name: string, content: string): ReadValues {
	return {
		files: [],
		unknown: [`${name} is encrypted: its values are left out`],
		unread: [{ what: `what is encrypted in ${name}`, content }],
	};
}

/** @param name for messages */
export function readValuesText(text: string, name: string): ReadValues {
	if (isEncryptedText(text)) return makeEncrypted(name, text);
	if (text.trim() === "") return { files: [], unknown: [] };
	const [document] = parseDocuments(text, name);
	if (!document)
		return /^\s*(#.*\s*)*(null|~|---)?\s*$/.test(text)
			? { files: [], unknown: [] }
			: {
					files: [],
					unknown: [`${name} is no YAML as it stands: its values are left out`],
					unread: [{ what: name, content: text }],
				};
	return readValuesMap(document.content, name);
}

export function readValuesMap(map: YamlMap, name: string): ReadValues {
	const { content, paths, isWhole, ciphertext } = withoutEncryption(map);
	if (isWhole) return makeEncrypted(name, ciphertext);
	return {
		files: Object.keys(content).length > 0 ? [makeValues(name, content)] : [],
		unknown: paths.map(
			(path) => `${path} of ${name} is encrypted: a placeholder stands for it`,
		),
		unread:
			paths.length > 0
				? [{ what: `what is encrypted in ${name}`, content: ciphertext }]
				: [],
	};
}

/** Reads a values file of the repository. */
export function readValuesFrom(
	tree: RepositoryTree,
	path: string,
	whyMissing = "is not in the repository",
): ReadValues {
	const text = tree.read(path);
	if (text !== undefined) return readValuesText(text, path);
	// git-crypt leaves bytes that are no text.
	const bytes = tree.at(path).get("");
	return bytes
		? makeEncrypted(path, bytes.toString("base64"))
		: {
				files: [],
				unknown: [`${path} ${whyMissing}: its values are left out`],
			};
}

export function joinValues(parts: readonly ReadValues[]): Required<ReadValues> {
	return {
		files: parts.flatMap(({ files }) => files),
		unknown: parts.flatMap(({ unknown }) => unknown),
		unread: parts.flatMap(({ unread = [] }) => unread),
	};
}
