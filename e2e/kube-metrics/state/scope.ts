import { GoRegex } from "../../common/go-regex.ts";

/** Arguments with which kube-state-metrics reports less than everything. One shard of one is everything. */
const narrowing =
	/^--?(namespaces|namespaces-denylist|metric-allowlist|metric-denylist|resources|node|total-shards(?!=1$))=(.+)$|^--?(track-unscheduled-pods|custom-resource-state-only)(=true)?$/;

/** What kube-state-metrics reports on. */
export interface Scope {
	/** Why something may be missing, as a clause; undefined if it reports on everything. */
	readonly cause: string | undefined;
	/** The namespaces that a person has left out. */
	readonly leftOut: readonly string[];
}

/** @param args the arguments of all of its containers */
export function makeScope(args: readonly string[]): Scope {
	const found = joinValues(args).flatMap((arg) => {
		const [, name, value = ""] = narrowing.exec(arg) ?? [];
		return narrowing.test(arg) ? [{ arg, name, value }] : [];
	});
	const given = found.map(({ arg }) => arg).join(" ");
	const isListed = found.some(({ name }) => name === "namespaces");
	return {
		cause: given ? `kube-state-metrics runs with ${given}` : undefined,
		leftOut: found
			// Where both are given, kube-state-metrics ignores the list of those to leave out.
			.filter(({ name }) => name === "namespaces-denylist" && !isListed)
			.flatMap(({ value }) => value.split(",").filter(Boolean)),
	};
}

/** The argument that keeps kube-state-metrics from exposing a metric by its name; undefined if none does. */
export function findListAgainst(
	args: readonly string[],
	metric: string,
): string | undefined {
	return joinValues(args).find((arg) => {
		const [, mode, value = ""] =
			/^--?metric-(allow|deny)list=(.+)$/.exec(arg) ?? [];
		// It does not anchor them.
		const isListed = value
			.split(",")
			.some((each) => each !== "" && new GoRegex(each.trim()).test(metric));
		return mode === "deny" ? isListed : mode === "allow" && !isListed;
	});
}

/** An argument and its value may be two. */
function joinValues(args: readonly string[]): string[] {
	return args.flatMap((arg, i) => {
		if (!arg.startsWith("-")) return [];
		const next = args[i + 1];
		return arg.includes("=") || next === undefined || next.startsWith("-")
			? [arg]
			: [`${arg}=${next}`];
	});
}
