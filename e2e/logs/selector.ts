/** The LogQL selector of a stream's labels. */
export function selectorOf(stream: Readonly<Record<string, string>>): string {
	const matchers = Object.entries(stream).map(
		([name, value]) => `${name}="${value}"`,
	);
	return `{${matchers.join(", ")}}`;
}
