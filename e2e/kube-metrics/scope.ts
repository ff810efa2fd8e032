/** Arguments of kube-state-metrics that make it report less than everything. */
const narrowing =
	/^--?(namespaces|namespaces-denylist|metric-allowlist|metric-denylist|resources)=(.+)$/;

/** What kube-state-metrics reports on. */
export interface Scope {
	/** Why something may be missing, as a clause; undefined if it reports on everything. */
	readonly cause: string | undefined;
	/** The namespaces that a person has left out. */
	readonly leftOut: readonly string[];
}

/** @param args the arguments of all of its containers */
export function makeScope(args: readonly string[]): Scope {
	const found = args.flatMap((arg) => {
		const [, name, value = ""] = narrowing.exec(arg) ?? [];
		return name ? [{ arg, name, value }] : [];
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
