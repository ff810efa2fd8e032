import { createHash } from "node:crypto";
import { z } from "zod";
import { GoRegex } from "../go-regex.ts";

type Labels = Readonly<Record<string, string>>;

const step = z
	.looseObject({
		source_labels: z.array(z.string()).default([]),
		separator: z.string().default(";"),
		regex: z.coerce.string().default("(.*)"),
		target_label: z.string().default(""),
		replacement: z.coerce.string().default("$1"),
		action: z.string().default("replace"),
		modulus: z.number().optional(),
	})
	.readonly();
/** A step of relabelling, with Prometheus' defaults. */
export type RelabelStep = z.infer<typeof step>;

/** A list of them; none by default. */
export const relabelSteps = z.array(step).default([]);

/** What Prometheus makes of labels; undefined if it drops the alert, the target or the series. */
export function relabelWith(
	steps: readonly RelabelStep[],
	labels: Labels,
): Labels | undefined {
	let current: Labels | undefined = labels;
	for (const each of steps) {
		if (!current) return undefined;
		current = applyStep(each, current);
	}
	return current;
}

function applyStep(step: RelabelStep, labels: Labels): Labels | undefined {
	const regex = GoRegex.whole(step.regex);
	const source = step.source_labels
		.map((name) => labels[name] ?? "")
		.join(step.separator);
	const target = labels[step.target_label] ?? "";
	const set = (value: string) =>
		clean({ ...labels, [step.target_label]: value });
	switch (step.action) {
		case "replace":
			return regex.test(source)
				? clean({
						...labels,
						[regex.expand(source, step.target_label)]: regex.expand(
							source,
							step.replacement,
						),
					})
				: labels;
		case "keep":
			return regex.test(source) ? labels : undefined;
		case "drop":
			return regex.test(source) ? undefined : labels;
		case "keepequal":
			return source === target ? labels : undefined;
		case "dropequal":
			return source === target ? undefined : labels;
		case "lowercase":
			return set(source.toLowerCase());
		case "uppercase":
			return set(source.toUpperCase());
		case "hashmod":
			return set(hashRemainder(source, step.modulus ?? 1));
		case "labeldrop":
			return filterLabels(labels, (name) => !regex.test(name));
		case "labelkeep":
			return filterLabels(labels, (name) => regex.test(name));
		case "labelmap":
			return {
				...labels,
				...Object.fromEntries(
					Object.entries(labels)
						.filter(([name]) => regex.test(name))
						.map(([name, value]) => [
							regex.expand(name, step.replacement),
							value,
						]),
				),
			};
		default:
			throw new Error(
				`relabelling has the action ${step.action}, which this test does not know`,
			);
	}
}

/**
 * What action `hashmod` sets: the remainder of MD5's last 8 bytes, as Prometheus computes it
 * (https://github.com/prometheus/prometheus/blob/main/model/relabel/relabel.go).
 *
 * @param modulus at least 1
 */
export function hashRemainder(text: string, modulus: number): string {
	const hash = createHash("md5").update(text).digest();
	return String(hash.readBigUInt64BE(8) % BigInt(modulus));
}

export function describeStep(step: RelabelStep): string {
	const from = step.source_labels.join(", ");
	return [
		step.action,
		from && `of ${from}`,
		`matching ${step.regex}`,
		step.target_label && `into ${step.target_label}`,
	]
		.filter(Boolean)
		.join(" ");
}

/** Prometheus removes labels whose value is empty. */
function clean(labels: Labels): Labels {
	return Object.fromEntries(
		Object.entries(labels).filter(([, value]) => value !== ""),
	);
}

function filterLabels(labels: Labels, keep: (name: string) => boolean): Labels {
	return Object.fromEntries(
		Object.entries(labels).filter(([name]) => keep(name)),
	);
}
