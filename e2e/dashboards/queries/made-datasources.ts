import type { Datasource } from "../../clients/grafana.ts";

/** A datasource for unit tests. */
export function makeDatasource(
	name: string,
	more: Partial<Datasource> = {},
): Datasource {
	return {
		uid: name.toLowerCase(),
		name,
		type: "prometheus",
		url: "",
		isDefault: false,
		access: "proxy",
		jsonData: { timeInterval: "60s" },
		...more,
	};
}

/** The homelab's three. */
export const madeDatasources = [
	makeDatasource("Prometheus"),
	makeDatasource("Thanos", { isDefault: true, jsonData: {} }),
	makeDatasource("Loki", { type: "loki", jsonData: {} }),
] as const;
