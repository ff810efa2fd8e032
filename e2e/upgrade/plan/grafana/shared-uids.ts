/** Several that have one uid. */
export interface SharedUid {
	readonly uid: string;
	/** Theirs, each once. */
	readonly names: readonly string[];
}

/** What Grafana knows by a uid of its own. */
interface Known {
	readonly uid: string;
	readonly name: string;
	/** Within what the uid has to be its own, e.g. an organisation. */
	readonly scope: string;
}

/** The uids that several have now, and had not before. */
export function newlySharedUids(
	before: readonly Known[],
	after: readonly Known[],
): SharedUid[] {
	const known = sharedUids(before);
	return [...sharedUids(after)].flatMap(([key, each]) =>
		known.has(key) ? [] : [each],
	);
}

function sharedUids(all: readonly Known[]): ReadonlyMap<string, SharedUid> {
	const named = all.filter(({ uid }) => uid !== "");
	const groups = Map.groupBy(named, ({ scope, uid }) => `${scope} ${uid}`);
	return new Map(
		[...groups].flatMap(([key, own]) => {
			const names = [...new Set(own.map(({ name }) => name))];
			const [{ uid } = { uid: "" }] = own;
			return names.length > 1 ? [[key, { uid, names }] as const] : [];
		}),
	);
}
