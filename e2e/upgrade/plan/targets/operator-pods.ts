import type { Manifest } from "../../../clients/kube-objects.ts";
import { listAt } from "../../../common/parsing/yaml-map.ts";
import { at, textAt } from "../charts/fields.ts";

/** The label `app.kubernetes.io/name` of the pods that the operator makes. */
export function appOf({ kind }: Manifest): string {
	return kind
		.replace("PrometheusAgent", "prometheus-agent")
		.replace("ThanosRuler", "thanos-ruler")
		.toLowerCase();
}

/** The labels that the operator selects its pods by; those of `podMetadata` cannot replace them. */
export function labelsByOperator(workload: Manifest): Record<string, string> {
	const app = appOf(workload);
	const { name } = workload.metadata;
	return {
		app,
		[app]: name,
		"app.kubernetes.io/name": app,
		"app.kubernetes.io/instance": name,
		"app.kubernetes.io/managed-by": "prometheus-operator",
		"operator.prometheus.io/name": name,
	};
}

/** The containers that the operator makes, with their ports, and those that the person adds. */
export function containersByOperator(workload: Manifest): unknown[] {
	const app = appOf(workload);
	const isLocal = at(workload, "spec.listenLocal") === true;
	const name = textAt(workload, "spec.portName") || "web";
	const number = { alertmanager: 9093, "thanos-ruler": 10902 }[app] ?? 9090;
	return [
		{
			image: `${app}:`,
			ports: [
				...(isLocal ? [] : [{ name, containerPort: number }]),
				...(app === "thanos-ruler" ? [grpc] : []),
			],
		},
		...listAt(workload, "spec", "containers"),
		...(at(workload, "spec.thanos") === undefined
			? []
			: [
					{
						image: "thanos:",
						ports: [{ name: "http", containerPort: 10902 }, grpc],
					},
				]),
		// The operator adds a reloader, whose port some monitors scrape.
		{
			image: "prometheus-config-reloader:",
			ports: [{ name: "reloader-web", containerPort: 8080 }],
		},
	];
}

const grpc = { name: "grpc", containerPort: 10901 };
