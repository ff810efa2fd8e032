import { isEqual, isPlainObject } from "es-toolkit";
import { asObject, show } from "./fields.ts";
import { isSecretName, withoutSecrets } from "./secret-names.ts";

/** A place where two values differ. */
export interface Difference {
	/** e.g. `spec.ports[http].port`; a set of texts has one path for all. */
	readonly path: string;
	readonly from: unknown;
	readonly to: unknown;
}

/**
 * Where two values differ. Items of a list are matched by what names them, not by their place, and what has no name is
 * a set, as texts are: otherwise one more item would make all after it differ. Only where the order counts, as with
 * relabelings, they are matched by it.
 */
export function differencesOf(
	from: unknown,
	to: unknown,
	path = "",
): Difference[] {
	if (isEqual(from, to)) return [];
	if (isPlainObject(from) && isPlainObject(to))
		return keysOf(from, to).flatMap((key) =>
			differencesOf(from[key], to[key], join(path, key)),
		);
	if (Array.isArray(from) && Array.isArray(to))
		return differencesOfLists(from, to, path);
	return [{ path, from, to }];
}

/** e.g. `spec.replicas: 1 → 2`; what may be secret is not shown. */
export function describeDifference(difference: Difference): string {
	const { path, from, to } = difference;
	const isHidden =
		isSecretName(path) &&
		[from, to].some((each) => ["string", "number"].includes(typeof each));
	return isHidden
		? describeHidden(difference)
		: `${path}: ${show(withoutSecrets(from, path))} → ${show(withoutSecrets(to, path))}`;
}

/** Where something changes that must not be shown. */
export function describeHidden({ path }: Pick<Difference, "path">): string {
	return `${path}: changes (not shown)`;
}

function differencesOfLists(
	from: readonly unknown[],
	to: readonly unknown[],
	path: string,
): Difference[] {
	const all = [...from, ...to];
	if (all.every((each) => typeof each === "string")) {
		const gone = from.filter((each) => !to.includes(each));
		const added = to.filter((each) => !from.includes(each));
		return gone.length + added.length === 0
			? []
			: [{ path, from: orNothing(gone), to: orNothing(added) }];
	}
	const name = names.find(
		(each) => isNamedBy(from, each) && isNamedBy(to, each),
	);
	if (name === undefined && !ordered.test(path))
		return differencesOfSets(from, to, path);
	const byName = (list: readonly unknown[]) =>
		new Map(
			list.map((each, i) => [name ? nameIn(each, name) : String(i), each]),
		);
	const before = byName(from);
	const after = byName(to);
	return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) =>
		differencesOf(before.get(key), after.get(key), `${path}[${key}]`),
	);
}

/** Lists whose items count one after the other, such as relabelings and routes. */
const ordered = /(relabel(ing|_config|Config)s|routes|policies|envFrom)$/i;

/** Of what nothing names, the same item in another place is no difference. */
function differencesOfSets(
	from: readonly unknown[],
	to: readonly unknown[],
	path: string,
): Difference[] {
	const added = to.map((item, i) => ({ item, i }));
	const gone = from
		.map((item, i) => ({ item, i }))
		.filter(({ item }) => {
			const same = added.findIndex(
				(each) => differencesOf(item, each.item).length === 0,
			);
			if (same >= 0) added.splice(same, 1);
			return same < 0;
		});
	return Array.from(
		{ length: Math.max(gone.length, added.length) },
		(_, place) => {
			const [old, now] = [gone[place], added[place]];
			return differencesOf(
				old?.item,
				now?.item,
				`${path}[${now?.i ?? old?.i}]`,
			);
		},
	).flat();
}

/** What names an item in the API's lists: containers, mounts, ports, endpoints, rules, hosts. */
const names = [
	["name"],
	["mountPath"],
	["alert"],
	["job_name"],
	["port", "path"],
	["host"],
	["key"],
	["secretName"],
];

function nameIn(item: unknown, keys: readonly string[]): string {
	return keys
		.flatMap((key) => asObject(item)[key] ?? [])
		.map(String)
		.join(" ");
}

function isNamedBy(list: readonly unknown[], keys: readonly string[]): boolean {
	const [first = ""] = keys;
	return (
		list.every((each) =>
			["string", "number"].includes(typeof asObject(each)[first]),
		) && new Set(list.map((each) => nameIn(each, keys))).size === list.length
	);
}

function orNothing(list: readonly unknown[]): unknown {
	return list.length === 0 ? undefined : list.length === 1 ? list[0] : list;
}

function keysOf(a: object, b: object): string[] {
	return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

function join(path: string, key: string): string {
	const own = /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
	return path ? `${path}.${own}` : own;
}
