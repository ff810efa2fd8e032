/** A function of an object that computes its result once for each, and keeps it for as long as there is the object. */
export function oncePerObject<K extends object, T>(
	find: (object: K) => T,
): (object: K) => T {
	const known = new WeakMap<K, { readonly result: T }>();
	return (object) => {
		const found = known.get(object) ?? { result: find(object) };
		known.set(object, found);
		return found.result;
	};
}
