import type { KubeObject, Pod } from "../clients/kube-objects.ts";
import { selects } from "../clients/label-selector.ts";
import type { ClusterState, EndpointSlice } from "./cluster-state.ts";
import type { Selectable } from "./refusals.ts";

/** A scrape configuration that Prometheus should have loaded. */
export interface ExpectedJob {
	readonly name: string;
	/** What the operator makes it of. */
	readonly definedBy: Selectable;
}

/** A scrape pool of a monitor, and the addresses that it should scrape. */
export interface ExpectedPool extends ExpectedJob {
	/** `host:port`; twice if two services lead there. */
	readonly addresses: readonly string[];
	/** Where the addresses come from, for the message about a pool without any. */
	readonly source: string;
	/** False if there may be nothing to find: no Service or pod is there yet, or pods have to opt in. */
	readonly mustFind: boolean;
	/** Whether the monitor's own relabelling may leave targets out on purpose. */
	readonly leavesOut: boolean;
}

type PortChoice = {
	port?: string | undefined;
	portNumber?: number | undefined;
	targetPort?: number | string | undefined;
};

/** What the operator makes of ScrapeConfigs and Probes, whose targets may be anywhere. */
export function expectJobs({
	probes,
	scrapeConfigs,
}: Pick<ClusterState, "probes" | "scrapeConfigs">): ExpectedJob[] {
	const makeJob =
		(kind: "Probe" | "ScrapeConfig", prefix: string) =>
		({ metadata }: KubeObject): ExpectedJob => ({
			name: `${prefix}/${metadata.namespace}/${metadata.name}`,
			definedBy: { kind, metadata },
		});
	return [
		...probes.map(makeJob("Probe", "probe")),
		...scrapeConfigs.map(makeJob("ScrapeConfig", "scrapeConfig")),
	];
}

/**
 * The pools that the operator creates from the monitors: one for each endpoint of a monitor, named by its index.
 *
 * @param mayFindNothing names of PodMonitors that need not find a pod
 */
export function expectPools(
	state: ClusterState,
	mayFindNothing: readonly string[],
): ExpectedPool[] {
	return [
		...expectServicePools(state),
		...expectPodPools(state, mayFindNothing),
	];
}

function expectServicePools(state: ClusterState): ExpectedPool[] {
	return state.serviceMonitors.flatMap((monitor) => {
		const { namespace = "", name } = monitor.metadata;
		const services = state.services.filter(
			(service) =>
				covers(monitor, service.metadata.namespace) &&
				selects(monitor.spec.selector, service.metadata.labels),
		);
		const found = services.reduce(
			(sum, { metadata }) =>
				sum + countEndpoints(state, metadata.namespace, metadata.name),
			0,
		);
		const pools = monitor.spec.endpoints.map((endpoint, index) => ({
			name: `serviceMonitor/${namespace}/${name}/${index}`,
			definedBy: {
				kind: "ServiceMonitor",
				metadata: monitor.metadata,
			} as const,
			addresses: services.flatMap(({ metadata }) =>
				addressesOf(state, metadata.namespace, metadata.name, endpoint),
			),
			source: `ServiceMonitor ${namespace}/${name} selects ${services.length ? `${services.map(({ metadata }) => `service ${metadata.namespace}/${metadata.name}`).join(", ")} with ${found} endpoints` : "no service"}, port ${describePort(endpoint)}`,
			leavesOut: endpoint.relabelings.some(mayLeaveOut),
		}));
		return addMustFind(pools, found > 0);
	});
}

/** A monitor may name the ports of different applications, not all of which run: one of its pools must find something. */
function addMustFind(
	pools: readonly Omit<ExpectedPool, "mustFind">[],
	isSomethingThere: boolean,
): ExpectedPool[] {
	const mustFind =
		isSomethingThere && pools.every(({ addresses }) => addresses.length === 0);
	return pools.map((pool) => ({ ...pool, mustFind }));
}

function expectPodPools(
	state: ClusterState,
	mayFindNothing: readonly string[],
): ExpectedPool[] {
	return state.podMonitors.flatMap((monitor) => {
		const { namespace = "", name } = monitor.metadata;
		const pods = state.pods.filter(
			(each) =>
				covers(monitor, each.metadata.namespace) &&
				selects(monitor.spec.selector, each.metadata.labels) &&
				!["Succeeded", "Failed"].includes(each.status.phase ?? ""),
		);
		const pools = monitor.spec.podMetricsEndpoints.map((endpoint, index) => ({
			name: `podMonitor/${namespace}/${name}/${index}`,
			definedBy: { kind: "PodMonitor", metadata: monitor.metadata } as const,
			addresses: pods.flatMap((each) =>
				portsOf(each, endpoint).flatMap((port) =>
					each.status.podIP ? [join(each.status.podIP, port)] : [],
				),
			),
			source: `PodMonitor ${namespace}/${name} selects ${pods.length} pods, port ${describePort(endpoint)}`,
			leavesOut: endpoint.relabelings.some(mayLeaveOut),
		}));
		return addMustFind(
			pools,
			!mayFindNothing.includes(name) && pods.length > 0,
		);
	});
}

/** How many endpoints a Service has, whatever their ports. */
function countEndpoints(
	state: ClusterState,
	namespace: string | undefined,
	service: string,
): number {
	return slicesOf(state, namespace, service)
		.flatMap(({ endpoints }) => endpoints)
		.filter(({ conditions }) => !conditions.terminating).length;
}

function mayLeaveOut({ action }: { action?: string | undefined }): boolean {
	return /^(keep|drop)/i.test(action ?? "");
}

function slicesOf(
	state: ClusterState,
	namespace: string | undefined,
	service: string,
): EndpointSlice[] {
	return state.endpointSlices.filter(
		({ metadata }) =>
			metadata.namespace === namespace &&
			metadata.labels["kubernetes.io/service-name"] === service,
	);
}

function addressesOf(
	state: ClusterState,
	namespace: string | undefined,
	service: string,
	choice: PortChoice,
): string[] {
	const found = slicesOf(state, namespace, service).flatMap((slice) =>
		slice.endpoints
			.filter(({ conditions }) => !conditions.terminating)
			.flatMap((endpoint) =>
				slice.ports
					.filter((port) => isChosen(state, slice, endpoint, port, choice))
					.flatMap(({ port }) =>
						endpoint.addresses.map((address) => join(address, port ?? 0)),
					),
			),
	);
	// Slices of one service may repeat an address.
	return [...new Set(found)];
}

function isChosen(
	state: ClusterState,
	slice: EndpointSlice,
	{ targetRef }: EndpointSlice["endpoints"][number],
	{ name, port }: EndpointSlice["ports"][number],
	choice: PortChoice,
): boolean {
	if (choice.port !== undefined) return name === choice.port;
	const backing = state.pods.find(
		({ metadata }) =>
			metadata.namespace === slice.metadata.namespace &&
			metadata.name === targetRef?.name,
	);
	return backing !== undefined && portsOf(backing, choice).includes(port ?? 0);
}

function portsOf(pod: Pod, choice: PortChoice): number[] {
	const all = [...pod.spec.initContainers, ...pod.spec.containers].flatMap(
		({ ports }) => ports,
	);
	const wanted = choice.port ?? choice.portNumber ?? choice.targetPort;
	return all
		.filter(({ name, containerPort }) =>
			typeof wanted === "number" ? containerPort === wanted : name === wanted,
		)
		.map(({ containerPort }) => containerPort);
}

function covers(
	monitor: {
		metadata: { namespace?: string | undefined };
		spec: { namespaceSelector: { any: boolean; matchNames: string[] } };
	},
	namespace: string | undefined,
): boolean {
	const { any, matchNames } = monitor.spec.namespaceSelector;
	if (any) return true;
	return matchNames.length > 0
		? matchNames.includes(namespace ?? "")
		: namespace === monitor.metadata.namespace;
}

function describePort({ port, portNumber, targetPort }: PortChoice): string {
	return String(port ?? portNumber ?? targetPort ?? "(none)");
}

function join(address: string, port: number): string {
	return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
