import { z } from "zod";

const relabeling = z.looseObject({
	action: z.string().default("replace"),
	regex: z.string().default("(.*)"),
	sourceLabels: z.array(z.string()).default([]),
});
type Relabeling = z.infer<typeof relabeling>;

/** A relabeling that drops metrics by name, or keeps only some; undefined if it does something else. */
export function readMetricDrop(value: unknown): Relabeling | undefined {
	const { data } = relabeling.safeParse(value);
	return data &&
		data.sourceLabels[0] === "__name__" &&
		(/^drop$/i.test(data.action) ||
			(/^keep$/i.test(data.action) && data.sourceLabels.length === 1))
		? data
		: undefined;
}

export function isMetricDrop(value: unknown): boolean {
	return readMetricDrop(value) !== undefined;
}
