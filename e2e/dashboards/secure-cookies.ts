/** A cookie without its attributes. */
export interface PlainCookie {
	readonly name: string;
	readonly value: string;
}

/** The cookies that a browser drops where there is only http. @param headers those of an answer, in Playwright's form */
export function secureCookiesIn(
	headers: readonly { readonly name: string; readonly value: string }[],
): PlainCookie[] {
	return headers
		.filter(({ name }) => name.toLowerCase() === "set-cookie")
		.flatMap(({ value }) => value.split("\n"))
		.flatMap((line) => {
			const [pair = "", ...attributes] = line.split(";");
			const [, name, value] = /^\s*([^=]+)=(.*)$/.exec(pair) ?? [];
			return name &&
				value !== undefined &&
				attributes.some((each) => /^\s*secure\s*$/i.test(each))
				? [{ name, value }]
				: [];
		});
}
