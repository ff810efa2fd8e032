/** Parameters of a URL. */
export type Query = Readonly<
	Record<string, string | number | boolean | readonly string[] | undefined>
>;

/** Strings and bytes are sent as they are, URLSearchParams as a form, anything else as JSON. */
export function encodeBody(body: unknown): {
	body?: string | Uint8Array;
	type?: Record<string, string>;
} {
	if (body === undefined) return {};
	if (typeof body === "string" || body instanceof Uint8Array) return { body };
	if (body instanceof URLSearchParams)
		return {
			body: body.toString(),
			type: { "content-type": "application/x-www-form-urlencoded" },
		};
	return {
		body: JSON.stringify(body),
		type: { "content-type": "application/json" },
	};
}

/** @returns "" without any, else with the question mark */
export function makeQueryString(query: Query = {}): string {
	const parameters = new URLSearchParams();
	for (const [name, value] of Object.entries(query)) {
		if (value === undefined) continue;
		const values = Array.isArray(value) ? value : [value];
		for (const each of values) parameters.append(name, String(each));
	}
	return parameters.size ? `?${parameters}` : "";
}
