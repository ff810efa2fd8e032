import { listAt, mapAt, mapsAt } from "../../../common/parsing/yaml-map.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import { objectsOf, type Side } from "../charts/side.ts";
import { discoveredBy } from "../objects/discovered-by.ts";
import { monitorsIn } from "./monitored.ts";

/**
 * Kubelets whose addresses the operator no longer writes where Prometheus looks for them. What it wrote stays, and
 * becomes old: it deletes neither the Service nor the Endpoints.
 */
export function compareKubelets(a: Side, b: Side): Reason[] {
	if (!areWritten(a) || areWritten(b) !== false || !areScraped(b)) return [];
	const [before, after] = [lookedFor(a), lookedFor(b)];
	const isElsewhere = before !== after;
	return [
		makeReason(
			"targets-gone",
			"kubelets",
			isElsewhere
				? `Prometheus looks for the kubelets' ${after}, which the operator does not write: it finds none.`
				: `The operator no longer writes the kubelets' ${after}, by which Prometheus finds them: nodes that are new, or get another address, are not scraped.`,
			{
				danger: isElsewhere ? "unsafe" : "review",
				wayOut:
					"Set prometheusOperator.kubeletService.enabled, and kubeletEndpointsEnabled or kubeletEndpointSliceEnabled as prometheusSpec.serviceDiscoveryRole needs it.",
			},
		),
	];
}

function areScraped(side: Side): boolean {
	return monitorsIn(side).some((each) =>
		Object.values(mapAt(each, "spec", "selector", "matchLabels")).includes(
			"kubelet",
		),
	);
}

function lookedFor(side: Side): "Endpoints" | "EndpointSlices" {
	return objectsOf(side, "Prometheus", "PrometheusAgent").some(
		(each) => discoveredBy(each) === "/endpoints",
	)
		? "Endpoints"
		: "EndpointSlices";
}

/**
 * Whether the operator writes them so that Prometheus finds them; undefined without an operator. Kubernetes mirrors
 * Endpoints to EndpointSlices:
 * https://github.com/prometheus-operator/prometheus-operator/blob/main/pkg/kubelet/controller.go
 */
function areWritten(side: Side): boolean | undefined {
	const flags = objectsOf(side, "Deployment")
		.flatMap((each) => mapsAt(each, "spec", "template", "spec", "containers"))
		.map((container) => listAt(container, "args").map(String))
		.find((args) =>
			args.some((each) => each.startsWith("--prometheus-config-reloader=")),
		);
	if (!flags) return undefined;
	const hasEndpoints = !flags.includes("--kubelet-endpoints=false");
	const hasSlices = flags.includes("--kubelet-endpointslice=true");
	return (
		flags.some((each) => each.startsWith("--kubelet-service=")) &&
		(hasEndpoints || (hasSlices && lookedFor(side) === "EndpointSlices"))
	);
}
