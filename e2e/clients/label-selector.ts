import { z } from "zod";

/** A label selector of Kubernetes; an empty one selects everything. */
export const labelSelector = z
	.looseObject({
		matchLabels: z.record(z.string(), z.string()).default({}),
		matchExpressions: z
			.array(
				z.object({
					key: z.string(),
					operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]),
					values: z.array(z.string()).default([]),
				}),
			)
			.default([]),
	})
	.prefault({});
export type LabelSelector = z.infer<typeof labelSelector>;

/** Writes labels as the API's parameter `labelSelector` takes them, e.g. `app=x,tier=y`. */
export function formatLabels(labels: Readonly<Record<string, string>>): string {
	return Object.entries(labels)
		.map(([key, value]) => `${key}=${value}`)
		.join(",");
}

/** Writes a selector as the API's parameter `labelSelector` takes it, e.g. `app=x,tier in (a,b),!old`. */
export function formatSelector({
	matchLabels,
	matchExpressions,
}: LabelSelector): string {
	return [formatLabels(matchLabels), ...matchExpressions.map(formatExpression)]
		.filter(Boolean)
		.join(",");
}

function formatExpression({
	key,
	operator,
	values,
}: LabelSelector["matchExpressions"][number]): string {
	switch (operator) {
		case "Exists":
			return key;
		case "DoesNotExist":
			return `!${key}`;
		case "In":
			return `${key} in (${values.join(",")})`;
		case "NotIn":
			return `${key} notin (${values.join(",")})`;
	}
}

/** Whether a selector selects an object with these labels. */
export function selects(
	{ matchLabels, matchExpressions }: LabelSelector,
	labels: Readonly<Record<string, string>>,
): boolean {
	return (
		Object.entries(matchLabels).every(
			([key, value]) => labels[key] === value,
		) && matchExpressions.every((each) => matches(each, labels[each.key]))
	);
}

function matches(
	{ operator, values }: LabelSelector["matchExpressions"][number],
	value: string | undefined,
): boolean {
	switch (operator) {
		case "Exists":
			return value !== undefined;
		case "DoesNotExist":
			return value === undefined;
		case "In":
			return value !== undefined && values.includes(value);
		case "NotIn":
			return value === undefined || !values.includes(value);
	}
}
