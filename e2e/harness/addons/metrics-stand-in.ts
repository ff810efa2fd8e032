import { readFile } from "node:fs/promises";
import { makeSource } from "../ground-work.ts";
import { projectPath } from "../paths.ts";
import type { Addon } from "./addon.ts";

/** Argo CD's application controller, as Prometheus sees it. */
export const argocd = makeStandIn(
	"argocd",
	"argocd",
	"Argo CD's application controller: the shape of its metrics, served by fixtures/sample-app",
);

/** Envoy Gateway's control plane, as Prometheus sees it. */
export const envoyGateway = makeStandIn(
	"envoy-gateway",
	"envoy-gateway-system",
	"Envoy Gateway's control plane: the shape of its metrics, served by fixtures/sample-app",
);

/** An addon that has nothing of its product but the metrics of fixtures/metrics-stand-in/<name>.prom. */
function makeStandIn(
	name: string,
	namespace: string,
	standsInFor: string,
): Addon {
	return {
		name,
		components: ["node"],
		claims: [],
		standsInFor,
		makeObjects: async () => {
			const file = `${name}.prom`;
			const path = projectPath("fixtures", "metrics-stand-in", file);
			return [
				await makeSource(namespace, "sample-app"),
				{
					apiVersion: "v1",
					kind: "ConfigMap",
					metadata: { name: "metrics", namespace },
					data: { [file]: await readFile(path, "utf8") },
				},
			];
		},
	};
}
