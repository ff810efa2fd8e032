import type { Datasource } from "../../clients/grafana.ts";
import { fillIn, type VariableValues } from "./interpolation.ts";
import type { DatasourceRef, Panel } from "./model.ts";

/** What a reference to a datasource leads to. */
export type Resolved =
	| { readonly datasource: Datasource }
	/** Grafana's own: an expression over other queries, another panel's result, its annotations. */
	| { readonly own: "expression" | "other" }
	| { readonly flaw: string };

const mixed = "-- Mixed --";
const expression = /^(__expr__|-100)$/;
const other = /^(-- Grafana --|-- Dashboard --|grafana|-- Mixed --)$/;

/**
 * The reference that Grafana uses for a target: the panel's own, and the target's if the panel is mixed or has none.
 */
export function datasourceRefOf(
	{ datasource, targets }: Pick<Panel, "datasource" | "targets">,
	target: { readonly datasource?: DatasourceRef; readonly refId?: unknown },
): DatasourceRef {
	const own = nameIn(target.datasource);
	if (own && expression.test(own)) return target.datasource;
	const ofPanel = nameIn(datasource);
	if (ofPanel === mixed) return target.datasource;
	if (ofPanel !== undefined) return datasource;
	return targets.find((each) => {
		const name = nameIn(each.datasource);
		return name !== undefined && !expression.test(name);
	})?.datasource;
}

/** Finds a datasource by its uid or name, as Grafana's pages do. */
export function resolveDatasource(
	ref: DatasourceRef,
	values: VariableValues,
	all: readonly Datasource[],
): Resolved {
	const written = nameIn(ref);
	const name = written === undefined ? "default" : fillIn(written, values);
	if (expression.test(name)) return { own: "expression" };
	const datasource =
		name === "default"
			? all.find(({ isDefault }) => isDefault)
			: (all.find(({ uid }) => uid === name) ??
				all.find((each) => each.name === name));
	if (datasource) return { datasource };
	if (other.test(name)) return { own: "other" };
	const existing = all
		.map((each) => `${each.name} (${each.uid})`)
		.sort()
		.join(", ");
	return {
		flaw:
			name === "default"
				? `it uses the default datasource, and none of ${existing} is the default`
				: `it names the datasource ${name === written ? name : `${name} by ${written}`}, and none has this uid or name: there are ${existing || "none"}`,
	};
}

/** The uid or name in a reference; undefined if it means the default datasource. */
function nameIn(ref: DatasourceRef): string | undefined {
	return (typeof ref === "string" ? ref : ref?.uid) || undefined;
}
