/** A selector of the query language that matches all labels given. */
export function makeSelector(
	metric: string,
	labels: Readonly<Record<string, string>>,
): string {
	const matchers = Object.entries(labels).map(
		([name, value]) => `${name}=${JSON.stringify(value)}`,
	);
	return `${metric}{${matchers.join(",")}}`;
}
