import type { Manifest } from "../clients/kube-objects.ts";
import { type Tier, tierLabel } from "../harness/cluster/tiers.ts";

/** A sample app as it is planted, with what decides whether it is scraped. */
export interface SampleApp {
	readonly namespace: string;
	/** The name of its pod or Deployment, and the value of its series' label `sample`. */
	readonly name: string;
	/** The value of the label `o11y.ruiz.sh/metrics`; undefined if its pod does not have it. */
	readonly label?: "true" | "false";
	readonly portName: string;
	/** Its metric's value. */
	readonly value: number;
	/** Where it runs; on tier small by default. */
	readonly tier?: Tier;
	/** How many series it exposes besides its value; none by default. */
	readonly bulk?: number;
}

/** A running pod of a sample app. */
export interface SamplePod extends SampleApp {
	/** The pod's own name. */
	readonly name: string;
	/** The name that the app was planted with. */
	readonly sample: string;
}

/** The metric that every sample app exposes; its label `sample` is the app's name. */
export const sampleMetric = "o11y_e2e_sample_value";
/** The metric of an app that exposes series in bulk, named in its source. */
export const bulkMetric = "o11y_e2e_sample_bulk";
/** The container of every sample pod. */
export const sampleContainer = "app";

/**
 * What most web frameworks expose, by OpenTelemetry's names: a limit on labels, or on the length of their names, that is
 * too low for this fails the whole scrape.
 */
const histogram = makeHistogram("http_server_request_duration_seconds", {
	http_request_method: "GET",
	http_route: "/",
	http_response_status_code: "200",
});

const source = "sample-app";

/** The ConfigMap with the sample app's source, which its pods mount. */
export function makeSampleSource(namespace: string, server: string): Manifest {
	return {
		apiVersion: "v1",
		kind: "ConfigMap",
		metadata: { name: source, namespace },
		data: { "server.ts": server },
	};
}

/** A pod by itself. @param image contains Node */
export function makeSamplePod(app: SampleApp, image: string): Manifest {
	const { namespace, name } = app;
	return {
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name, namespace, labels: makePodLabels(app) },
		spec: makePodSpec(app, image),
	};
}

/** A Deployment of one pod, as most applications are. @param image contains Node */
export function makeSampleDeployment(app: SampleApp, image: string): Manifest {
	const { namespace, name } = app;
	return {
		apiVersion: "apps/v1",
		kind: "Deployment",
		metadata: { name, namespace, labels: makeUsualLabels(app) },
		spec: {
			selector: { matchLabels: makeOwnLabels(app) },
			template: {
				metadata: { labels: makePodLabels(app) },
				spec: makePodSpec(app, image),
			},
		},
	};
}

/** The labels that only this app's pods have. */
export function makeOwnLabels({ name }: Pick<SampleApp, "name">) {
	return { app: name };
}

/**
 * The labels that a chart gives to everything. A PodMonitor that leaves out pods with one of them does not find most
 * applications of a homelab.
 */
function makeUsualLabels(app: SampleApp) {
	return {
		...makeOwnLabels(app),
		"app.kubernetes.io/name": source,
		"app.kubernetes.io/instance": app.name,
		"app.kubernetes.io/component": "web",
		"app.kubernetes.io/part-of": "samples",
		"app.kubernetes.io/managed-by": "Helm",
		"app.kubernetes.io/version": "1.0.0",
		"helm.sh/chart": `${source}-1.0.0`,
	};
}

function makePodLabels(app: SampleApp) {
	return {
		...makeUsualLabels(app),
		...(app.label && { "o11y.ruiz.sh/metrics": app.label }),
	};
}

function makePodSpec(
	{ name, portName, value, tier = "small", bulk = 0 }: SampleApp,
	image: string,
) {
	return {
		automountServiceAccountToken: false,
		nodeSelector: { [tierLabel]: tier },
		containers: [
			{
				name: sampleContainer,
				image,
				command: ["/usr/local/bin/node", "/app/server.ts"],
				env: [
					{
						name: "METRICS",
						value: `${histogram}${sampleMetric}{sample="${name}"} ${value}\n`,
					},
					{ name: "SAMPLE", value: name },
					{ name: "SAMPLES", value: String(bulk) },
					{ name: "PORT", value: "8080" },
				],
				ports: [{ name: portName, containerPort: 8080 }],
				resources: { requests: { cpu: "10m", memory: "48Mi" } },
				volumeMounts: [{ name: "app", mountPath: "/app" }],
			},
		],
		volumes: [{ name: "app", configMap: { name: source } }],
	};
}

/** One observation of a histogram, as an application exposes it. */
function makeHistogram(
	name: string,
	labels: Readonly<Record<string, string>>,
): string {
	const own = Object.entries(labels)
		.map(([label, value]) => `${label}="${value}"`)
		.join(",");
	const buckets = ["0.1", "1", "+Inf"].map(
		(le) => `${name}_bucket{${own},le="${le}"} 1`,
	);
	return [
		`# TYPE ${name} histogram`,
		...buckets,
		`${name}_sum{${own}} 0.05`,
		`${name}_count{${own}} 1`,
		"",
	].join("\n");
}
