import { z } from "zod";
import { parseAs } from "../../common/parsing/parse-as.ts";
import type { Answer } from "./api-server.ts";

const objectList = z.looseObject({
	items: z.array(
		z.looseObject({
			metadata: z.looseObject({
				name: z.string(),
				namespace: z.string().optional(),
			}),
		}),
	),
});

/** The objects in a list of one kind. @throws UnexpectedFormError naming the object and its field */
export function readItems<T>(
	answer: Answer,
	{ apiVersion, kind }: { apiVersion: string; kind: string },
	schema: z.ZodType<T>,
): T[] {
	const { items } = answer.read(objectList);
	return items.map((each) => {
		const { namespace, name } = each.metadata;
		const whose = [namespace, name].filter(Boolean).join("/");
		// The items of a list have neither kind nor version.
		return parseAs(schema, { ...each, apiVersion, kind }, `${kind} ${whose}`);
	});
}
