import { nameOf } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { textAt } from "../charts/fields.ts";
import { operatorWorkloads } from "../charts/operator-kinds.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { provisionedIn } from "../grafana/provisioned.ts";

/** A port of a Service that something of the chart leads to. */
export interface Backend {
	readonly service: string;
	readonly namespace: string | undefined;
	/** Its name or number; undefined where the kind takes the only one. */
	readonly port: unknown;
}

/** What leads there, for messages. */
export interface Link {
	readonly owner: string;
	readonly backend: Backend;
}

/** The Services of the chart that datasources ask, and that Prometheus writes to or reads from. */
export function linkedByAddress(side: Side): Link[] {
	const link = (owner: string, url: string): Link[] => {
		const backend = backendAt(side, url);
		return backend ? [{ owner, backend }] : [];
	};
	return [
		...provisionedIn(side).datasources.flatMap(({ name, url = "" }) =>
			link(`Grafana's datasource ${name}`, url),
		),
		...objectsOf(side, ...operatorWorkloads).flatMap((each) =>
			["remoteWrite", "remoteRead"].flatMap((field) =>
				listAt(each, "spec", field).flatMap((one) =>
					link(`${field} of ${nameOf(each)}`, textAt(one, "url")),
				),
			),
		),
	];
}

/** Undefined for addresses outside of the cluster, and for names that Services of several namespaces have. */
function backendAt(side: Side, url: string): Backend | undefined {
	if (!URL.canParse(url)) return undefined;
	const { hostname, port, protocol } = new URL(url);
	const [service = "", written, ...domain] = hostname.split(".");
	if (domain.length > 0 && domain[0] !== "svc") return undefined;
	const named = objectsOf(side, "Service").filter(
		({ metadata }) => metadata.name === service,
	);
	const namespace =
		written ?? (named.length === 1 ? named[0]?.metadata.namespace : undefined);
	if (namespace === undefined) return undefined;
	const usual = protocol === "https:" ? 443 : 80;
	return { service, namespace, port: port === "" ? usual : Number(port) };
}
