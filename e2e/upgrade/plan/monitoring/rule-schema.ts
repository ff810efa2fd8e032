import { z } from "zod";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { oncePerObject } from "../../../common/parsing/once-per-object.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { isSelected } from "./selectors.ts";

/** Templates leave a key with nothing under it if everything below it is switched off. */
function listOf<T>(item: z.ZodType<T>) {
	return z
		.array(item)
		.nullish()
		.transform((list) => list ?? []);
}

function texts() {
	return z
		.record(z.string(), z.coerce.string())
		.nullish()
		.transform((found) => found ?? {});
}

function duration() {
	return z
		.string()
		.nullish()
		.transform((text) => text ?? "0s");
}

const rule = z.looseObject({
	alert: z.string().optional(),
	record: z.string().optional(),
	expr: z.union([z.string(), z.number()]).transform(String),
	for: duration(),
	keep_firing_for: duration(),
	labels: texts(),
	annotations: texts(),
});

const prometheusRule = z.looseObject({
	spec: z
		.looseObject({
			groups: listOf(
				z.looseObject({
					name: z.coerce.string(),
					interval: z.string().nullish(),
					limit: z.number().nullish(),
					query_offset: z.string().nullish(),
					rules: listOf(z.unknown()),
				}),
			),
		})
		.nullish(),
});

/** A rule with its group and the object that declares it. */
export type DeclaredRule = z.infer<typeof rule> & {
	readonly object: string;
	readonly group: string;
	/** How its group is evaluated, where that is not the usual. */
	readonly evaluation: Readonly<Record<string, string>>;
};

/** The rules of a PrometheusRule. */
export const rulesOf = oncePerObject(
	(object: Manifest): readonly DeclaredRule[] => {
		const parsed = prometheusRule.safeParse(object);
		// What the API server refuses is reported by its schema.
		const groups = parsed.success ? (parsed.data.spec?.groups ?? []) : [];
		return groups.flatMap(({ name, rules, interval, limit, query_offset }) => {
			const evaluation = {
				...(interval && { interval }),
				...(limit && { limit: String(limit) }),
				...(query_offset && { query_offset }),
			};
			return rules.flatMap((each) => {
				const { success, data } = rule.safeParse(each);
				return success
					? [{ ...data, object: nameOf(object), group: name, evaluation }]
					: [];
			});
		});
	},
);

/** The rules that Prometheus loads. */
export const selectedRules = oncePerObject(
	(side: Side): readonly DeclaredRule[] =>
		objectsOf(side, "PrometheusRule")
			.filter((each) => isSelected(side, each))
			.flatMap(rulesOf),
);
