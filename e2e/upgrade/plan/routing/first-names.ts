/** More names than this are counted. */
const mostNamed = 3;

/** e.g. `A, B, C and 2 others` */
export function firstNames(names: readonly string[]): string {
	const rest = names.length - mostNamed;
	// Of a single other one the name is as short as its count.
	return rest > 1
		? `${names.slice(0, mostNamed).join(", ")} and ${rest} others`
		: names.join(", ");
}
