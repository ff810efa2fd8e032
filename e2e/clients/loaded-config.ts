import { parse } from "yaml";
import { parseAs } from "../common/parsing/parse-as.ts";
import { shareRead } from "./api-server/shared-read.ts";
import { type Configuration, configuration } from "./prometheus-schemas.ts";

/**
 * Parses a configuration as Prometheus writes it: with its defaults, but without what is empty. A relabelling without a
 * separator or a replacement has empty ones, and not the defaults.
 */
export function parseLoaded(text: string): unknown {
	return parse(text, (key: unknown, value: unknown) =>
		typeof key === "string" &&
		key.endsWith("relabel_configs") &&
		Array.isArray(value)
			? value.map((step) => ({ separator: "", replacement: "", ...step }))
			: value,
	);
}

/** The configuration that a Prometheus has loaded. It has thousands of lines, is asked for often, and rarely changes. */
export class LoadedConfig {
	/** As YAML. */
	readonly text: () => Promise<string>;
	#last: { text: string; parsed: Configuration } | undefined;

	/** @param read asks Prometheus for it */
	constructor(read: () => Promise<string>) {
		this.text = shareRead(read);
	}

	async parsed(): Promise<Configuration> {
		const text = await this.text();
		if (this.#last?.text !== text) {
			const what = "the configuration that Prometheus has loaded";
			const read = parseLoaded(text);
			this.#last = { text, parsed: parseAs(configuration, read, what) };
		}
		return this.#last.parsed;
	}
}
