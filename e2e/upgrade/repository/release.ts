import { stringify } from "yaml";
import type { YamlMap } from "../../common/parsing/yaml-map.ts";
import {
	isEncryptedText,
	withoutEncryption,
} from "../../harness/chart/encryption.ts";
import type { ValuesFile } from "../../harness/chart/values-file.ts";
import type { Tool } from "../tools/tool.ts";
import { type FilePlace, parseDocuments } from "./documents.ts";
import type { RepositoryTree } from "./git/tree.ts";

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
	/** What installs it does so, with the settings that the repository says. */
	readonly tool: Tool;
}

/** Values in the form of a file. */
export function makeValues(name: string, content: YamlMap): ValuesFile {
	return { name, content: stringify(content, { lineWidth: 0 }) };
}

/** Values that were read, with what is not known of them. */
export interface ReadValues {
	readonly files: readonly ValuesFile[];
	readonly unknown: readonly string[];
}

/** @param name for messages */
export function readValuesText(text: string, name: string): ReadValues {
	if (isEncryptedText(text))
		return {
			files: [],
			unknown: [`${name} is encrypted: its values are left out`],
		};
	if (text.trim() === "") return { files: [], unknown: [] };
	const [document] = parseDocuments(text, name);
	if (!document)
		return /^\s*(#.*\s*)*(null|~|---)?\s*$/.test(text)
			? { files: [], unknown: [] }
			: {
					files: [],
					unknown: [`${name} is no YAML as it stands: its values are left out`],
				};
	return readValuesMap(document.content, name);
}

export function readValuesMap(map: YamlMap, name: string): ReadValues {
	const { content, paths, isWhole } = withoutEncryption(map);
	if (isWhole)
		return {
			files: [],
			unknown: [`${name} is encrypted: its values are left out`],
		};
	return {
		files: Object.keys(content).length > 0 ? [makeValues(name, content)] : [],
		unknown: paths.map(
			(path) => `${path} of ${name} is encrypted: a placeholder stands for it`,
		),
	};
}

/** Reads a values file of the repository. */
export function readValuesFrom(
	tree: RepositoryTree,
	path: string,
	whyMissing = "is not in the repository",
): ReadValues {
	const text = tree.read(path);
	return text === undefined
		? { files: [], unknown: [`${path} ${whyMissing}: its values are left out`] }
		: readValuesText(text, path);
}

export function joinValues(parts: readonly ReadValues[]): ReadValues {
	return {
		files: parts.flatMap(({ files }) => files),
		unknown: parts.flatMap(({ unknown }) => unknown),
	};
}
