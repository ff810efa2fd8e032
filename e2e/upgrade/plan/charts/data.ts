import { z } from "zod";
import type { Manifest } from "../../../clients/kube-objects.ts";

const withData = z.looseObject({
	data: z.record(z.string(), z.string().nullish()).nullish(),
	stringData: z.record(z.string(), z.string().nullish()).nullish(),
});

/** The entries of a ConfigMap or a Secret, decoded. */
export function dataOf(object: Manifest): Map<string, string> {
	const { data, stringData } = withData.parse(object);
	const decode = (text: string) =>
		object.kind === "Secret" ? Buffer.from(text, "base64").toString() : text;
	return new Map([
		...Object.entries(data ?? {}).map(
			([key, text]) => [key, decode(text ?? "")] as const,
		),
		...Object.entries(stringData ?? {}).map(
			([key, text]) => [key, text ?? ""] as const,
		),
	]);
}
