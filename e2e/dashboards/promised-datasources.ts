import type { Datasource } from "../clients/grafana.ts";

type Named = Pick<Datasource, "name" | "type" | "isDefault">;

/** "Three datasources configured", by their names. */
export const promisedDatasources: readonly Named[] = [
	{ name: "Loki", type: "loki", isDefault: false },
	{ name: "Prometheus", type: "prometheus", isDefault: false },
	{ name: "Thanos", type: "prometheus", isDefault: true },
];

/** Which datasources there are besides, as a sentence: the homelab needs no fewer than its three. Undefined if none. */
export function describeFurther(
	found: readonly Pick<Datasource, "name" | "type">[],
): string | undefined {
	const further = found
		.filter(({ name }) =>
			promisedDatasources.every((each) => each.name !== name),
		)
		.map(({ name, type }) => `${name} (${type})`)
		.sort();
	return further.length > 0
		? `Grafana has ${found.length} datasources: besides ${promisedDatasources.map(({ name }) => name).join(", ")} there is ${further.join(" and ")}`
		: undefined;
}
