import { z } from "zod";
import { type Manifest, nameOf } from "../../clients/kube-objects.ts";

const rule = z.looseObject({
	alert: z.string().optional(),
	record: z.string().optional(),
	expr: z.union([z.string(), z.number()]).transform(String),
	for: z.string().default("0s"),
	labels: z.record(z.string(), z.coerce.string()).default({}),
});

const prometheusRule = z.looseObject({
	spec: z.looseObject({
		groups: z
			.array(
				z.looseObject({ name: z.string(), rules: z.array(rule).default([]) }),
			)
			.default([]),
	}),
});

/** A rule with the group and the object that it stands in. */
export type Rule = z.infer<typeof rule> & {
	readonly object: string;
	readonly group: string;
};

/** The rules of a PrometheusRule. */
export function rulesOf(object: Manifest): Rule[] {
	return prometheusRule
		.parse(object)
		.spec.groups.flatMap(({ name, rules }) =>
			rules.map((each) => ({ ...each, object: nameOf(object), group: name })),
		);
}
