import { z } from "zod";

/** Something does not have the form that it should have: an API's answer, a configuration. */
export class UnexpectedFormError extends Error {
	override readonly name = "UnexpectedFormError";
}

/** The most fields that a message names. */
const most = 3;

/**
 * Parses a value.
 *
 * @param what where the value is from, as the subject of a sentence: "the answer to GET /version"
 * @throws UnexpectedFormError that names the fields which are not as expected, and quotes no value: it may be secret
 */
export function parseAs<T>(
	schema: z.ZodType<T>,
	value: unknown,
	what: string,
): T {
	const read = schema.safeParse(value);
	if (read.success) return read.data;
	const { issues } = read.error;
	const fields = issues.slice(0, most).map(describeIssue).join("; ");
	const more = issues.length > most ? `; and ${issues.length - most} more` : "";
	throw new UnexpectedFormError(
		`${what} has an unexpected form: ${fields}${more}`,
	);
}

/** Parses a text as JSON, then as above. */
export function parseJsonAs<T>(
	schema: z.ZodType<T>,
	text: string,
	what: string,
): T {
	return parseAs(schema, parseJson(text, what), what);
}

/** @throws UnexpectedFormError if it is not JSON */
export function parseJson(text: string, what: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		const found = text.trim() ? `${text.length} characters` : "nothing";
		throw new UnexpectedFormError(`${what} is not JSON, but ${found}`);
	}
}

function describeIssue({ path, message }: z.core.$ZodIssue): string {
	return `${path.length > 0 ? z.core.toDotPath(path) : "the whole"}: ${message}`;
}
