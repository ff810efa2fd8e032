import { parseAllDocuments } from "yaml";
import { messageOf } from "../../common/errors.ts";
import { contentOf } from "../../common/parsing/yaml-content.ts";

/** A values file: its name for messages, its content as YAML. */
export interface ValuesFile {
	readonly name: string;
	readonly content: string;
	/** What the file is, and what was read of it, if it is no plain values file. */
	readonly readAs?: string;
	/** The same for an umbrella chart, as YAML, if that is what the values were written for. */
	readonly asUmbrella?: string;
	/**
	 * Only for the test, and no part of what the homelab would install: a default, which later files replace, or an
	 * override, which is layered after all other values.
	 */
	readonly forTest?: "default" | "override";
}

/** What a YAML parser says is wrong, without the lines that it quotes below. */
export function whatIsWrong(error: unknown): string | undefined {
	return messageOf(error).split("\n")[0]?.replace(/:$/, "");
}

/** Says what is wrong with the content of a values file; undefined if it is a mapping in YAML, or empty. */
export function valuesProblem(text: string): string | undefined {
	const documents = parseAllDocuments(text);
	if (documents.length > 1) return "it holds more than one YAML document";
	const [document] = documents;
	if (!document) return undefined;
	const [error] = document.errors;
	if (error) return whatIsWrong(error);
	let value: unknown;
	try {
		value = contentOf(document);
	} catch (cause) {
		return messageOf(cause);
	}
	if (value === null) return undefined;
	if (typeof value !== "object" || Array.isArray(value))
		return "it is not a mapping of keys to values";
	return undefined;
}
