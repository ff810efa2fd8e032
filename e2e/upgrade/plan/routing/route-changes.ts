import { isEqual, omit } from "es-toolkit";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { asObject, show } from "../charts/fields.ts";
import { plainRoute } from "./plain-routing.ts";

/** A route as it is written, and in its plain form, which has no defaults and nothing that it inherits anyway. */
interface Node {
	readonly written: Record<string, unknown>;
	readonly plain: Record<string, unknown>;
	readonly children: readonly Node[];
}

/** What changes in a routing tree, a line for each field, e.g. `routes[1] for severity="critical": receiver a → b`. */
export function describeRouteChanges(old: unknown, now: unknown): string[] {
	const [before, after] = [nodeOf(old), nodeOf(now)];
	const found = [
		...fieldChanges(before, after).map((each) => `the root: ${each}`),
		...changesBelow(before, after, ""),
	];
	return found.length > 0 ? found : [`from ${show(old)}`, `to ${show(now)}`];
}

function nodeOf(route: unknown): Node {
	const pair = (written: unknown, plain: unknown): Node => ({
		written: asObject(written),
		plain: asObject(plain),
		children: listAt(plain, "routes").map((each, i) =>
			pair(listAt(written, "routes")[i], each),
		),
	});
	return pair(route, plainRoute(route));
}

/** What is only written out, or left out, is no change, and what a route takes from the one above is told there. */
function fieldChanges(old: Node, now: Node): string[] {
	return Object.keys({ ...old.plain, ...now.plain })
		.filter(
			(name) => name !== "routes" && !isEqual(old.plain[name], now.plain[name]),
		)
		.flatMap((name) => {
			if (name === "matchers")
				return [`${conditionsOf(old)} → ${conditionsOf(now)}`];
			const [from, to] = [old, now].map(({ written }) => written[name]);
			return isEqual(from, to) ? [] : [`${name} ${shown(from)} → ${shown(to)}`];
		});
}

function changesBelow(old: Node, now: Node, above: string): string[] {
	const pairs = pairsOf(old.children, now.children);
	const places = pairs.flatMap(([from, to]) =>
		from && to ? [now.children.indexOf(to)] : [],
	);
	const isReordered = places.some((place, i) => place < (places[i - 1] ?? 0));
	return [
		...(isReordered
			? [`${above}routes: those that stay are in another order`]
			: []),
		...pairs.flatMap(([from, to]) => {
			const siblings = to ? now.children : old.children;
			const own = to ?? from;
			if (!own) return [];
			const place = `${above}routes[${siblings.indexOf(own)}]`;
			if (!from || !to)
				return [
					`${place}: ${from ? describe(from) : "nothing"} → ${to ? describe(to) : "nothing"}`,
				];
			return [
				...fieldChanges(from, to).map(
					(each) => `${place} for ${conditionsOf(from)}: ${each}`,
				),
				...changesBelow(from, to, `${place}.`),
			];
		}),
	];
}

/** Routes with the same conditions are the same route, and of the others those that lead to the same receiver. */
function pairsOf(
	before: readonly Node[],
	after: readonly Node[],
): [Node | undefined, Node | undefined][] {
	const free = [...after];
	const pairs = new Map<Node, Node>();
	for (const isSame of [
		(a: Node, b: Node) => isEqual(a.plain, b.plain),
		(a: Node, b: Node) => conditionsOf(a) === conditionsOf(b),
		(a: Node, b: Node) =>
			isEqual(
				omit(a.plain, ["matchers", "routes"]),
				omit(b.plain, ["matchers", "routes"]),
			),
	])
		for (const old of before) {
			const now = pairs.has(old)
				? undefined
				: free.find((each) => isSame(old, each));
			if (!now) continue;
			pairs.set(old, now);
			free.splice(free.indexOf(now), 1);
		}
	return [
		...before.map((old): [Node, Node | undefined] => [old, pairs.get(old)]),
		...free.map((now): [undefined, Node] => [undefined, now]),
	];
}

function describe(node: Node): string {
	const { receiver } = node.written;
	const further = node.children.length;
	return `${typeof receiver === "string" ? receiver : "the receiver above it"} for ${conditionsOf(node)}${further > 0 ? `, with ${further} routes below it` : ""}`;
}

function conditionsOf({ plain, written }: Node): string {
	const { matchers } = plain;
	if (matchers === undefined) return "all alerts";
	return Array.isArray(matchers) &&
		matchers.every((each) => typeof each === "string")
		? matchers.join(", ")
		: shown(written.matchers ?? matchers);
}

function shown(value: unknown): string {
	return typeof value === "string" ? value : show(value);
}
