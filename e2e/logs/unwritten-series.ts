import { parse } from "yaml";
import { z } from "zod";
import { makeContexts } from "../alerts/alert-contexts.ts";
import { describeDrop } from "../alerts/relabelling/alert-relabelling.ts";
import { parseAs } from "../common/parsing/parse-as.ts";
import {
	type RelabelStep,
	relabelSteps,
	relabelWith,
} from "../common/relabelling/relabel.ts";

/** Undefined if nothing is said of them: an empty list may replace another one. */
const ownSteps = relabelSteps
	.unwrap()
	.nullish()
	.transform((steps) => steps ?? undefined);
const client = z.looseObject({ write_relabel_configs: ownSteps });
const clients = z.record(z.string(), client).nullish();
const configuration = z.looseObject({
	ruler: z
		.looseObject({
			remote_write: z
				.looseObject({
					/** Its older form, for one. */
					client: client.nullish(),
					clients,
				})
				.prefault({}),
		})
		.prefault({}),
	limits_config: z
		.looseObject({
			ruler_remote_write_config: clients,
			/** Its older form, for all. */
			ruler_remote_write_relabel_configs: ownSteps,
		})
		.prefault({}),
});

/**
 * How Loki's ruler relabels what its rules record, before it writes it: by what is written to. What the limits say replaces
 * what the ruler says.
 *
 * @param yaml the configuration that Loki has loaded
 */
export function readWriteRelabelling(
	yaml: string,
): ReadonlyMap<string, readonly RelabelStep[]> {
	const { ruler, limits_config: limits } = parseAs(
		configuration,
		parse(yaml),
		"the configuration that Loki has loaded",
	);
	const { client: only, clients: several } = ruler.remote_write;
	return new Map(
		Object.entries({ ...(only && { client: only }), ...several }).map(
			([name, { write_relabel_configs }]) => [
				name,
				limits.ruler_remote_write_config?.[name]?.write_relabel_configs ??
					limits.ruler_remote_write_relabel_configs ??
					write_relabel_configs ??
					[],
			],
		),
	);
}

/** A name that no rule of Loki's has been written for. */
const anyRecord = { __name__: "any:lines:rate1m" };

/** What of the recorded series never comes to Prometheus: a sentence for each rule that drops some, by other labels than the name. */
export function findUnwritten(
	writers: ReadonlyMap<string, readonly RelabelStep[]>,
): string[] {
	const found = new Map<string, string>();
	for (const [writer, steps] of writers)
		for (const context of makeContexts([], [steps])) {
			const labels = { ...anyRecord, ...context };
			if ("__name__" in context || relabelWith(steps, labels)) continue;
			const flaw = `Loki drops some before it writes them to ${writer} (${describeDrop(steps, labels)})`;
			const example = Object.entries(labels).map(
				([name, value]) => `${name}="${value}"`,
			);
			found.set(flaw, found.get(flaw) ?? example.join(", "));
		}
	return [...found].map(
		([flaw, example]) =>
			`"Loki's recording rules can push derived metrics back into Prometheus", but ${flaw}; such as ${example}`,
	);
}
