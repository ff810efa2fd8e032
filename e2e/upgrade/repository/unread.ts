/** A part of a release that is not read, such as what is encrypted: of two revisions only whether it is the same is known. */
export interface UnreadPart {
	/** For people, e.g. `what is encrypted in secret.yaml`. */
	readonly what: string;
	/** What is compared. */
	readonly content: string;
	/** Whether it is another one with each version of the chart anyway, as a digest is. */
	readonly followsVersion?: boolean;
	/** Whether it does not matter where there was nothing like it before. */
	readonly isHarmlessIfNew?: boolean;
}

/** One revision of a release. */
interface UnreadSide {
	readonly chart: { readonly version: string | undefined };
	readonly unread?: readonly UnreadPart[];
}

/** Changes that are named in a sentence. */
const mostNamed = 5;

/** What of two revisions of a release is not read, and not the same, for people. A file that only moves is the same. */
export function findUnreadChanges(
	before: UnreadSide,
	after: UnreadSide,
): string[] {
	const isSameVersion = before.chart.version === after.chart.version;
	const partsOf = ({ unread = [] }: UnreadSide) =>
		unread.filter(
			({ followsVersion = false }) => isSameVersion || !followsVersion,
		);
	const old = partsOf(before);
	const now = partsOf(after);
	const isNew = ({ what, isHarmlessIfNew = false }: UnreadPart) =>
		isHarmlessIfNew && !old.some((each) => each.what === what);
	const changed = (own: readonly UnreadPart[], other: readonly UnreadPart[]) =>
		own
			.filter((each) => !isNew(each))
			.filter(({ content }) => !other.some((each) => each.content === content))
			.map(({ what }) => what);
	return [...new Set([...changed(now, old), ...changed(old, now)])];
}

/** The sentence for people. */
export function describeUnread(changes: readonly string[]): string {
	const more = changes.length - mostNamed;
	return `This differs, and what differs in it is not read: ${changes.slice(0, mostNamed).join("; ")}${more > 0 ? `; and ${more} more` : ""}. Compare it yourself.`;
}
