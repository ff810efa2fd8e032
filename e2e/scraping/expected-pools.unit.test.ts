import { describe, expect, test } from "vitest";
import { kubeObject, pod } from "../clients/kube-objects.ts";
import {
	type ClusterState,
	endpointSlice,
	podMonitor,
	serviceMonitor,
} from "./cluster-state.ts";
import { expectPools } from "./expected-pools.ts";

const app = { app: "web" };

function makeObject(kind: string, name: string, more: object = {}) {
	return {
		apiVersion: "v1",
		kind,
		metadata: { name, namespace: "here", ...more },
	};
}

function makeMonitor(spec: object) {
	return serviceMonitor.parse({ ...makeObject("ServiceMonitor", "m"), spec });
}

function makePod(
	name: string,
	namespace: string,
	podIP: string,
	phase = "Running",
) {
	return pod.parse({
		...makeObject("Pod", name, { namespace, labels: app }),
		spec: {
			containers: [
				{ name: "c", ports: [{ name: "metrics", containerPort: 81 }] },
				{ name: "d", ports: [{ name: "web", containerPort: 80 }] },
			],
		},
		status: { podIP, phase },
	});
}

function makeSlice(endpoints: object[], ports: object[]) {
	const labels = { "kubernetes.io/service-name": "web" };
	return endpointSlice.parse({
		...makeObject("EndpointSlice", "web-x", { labels }),
		endpoints,
		ports,
	});
}

function makeState(state: Partial<ClusterState>): ClusterState {
	return {
		serviceMonitors: [],
		podMonitors: [],
		probes: [],
		scrapeConfigs: [],
		services: [kubeObject.parse(makeObject("Service", "web", { labels: app }))],
		endpointSlices: [
			makeSlice(
				[
					{ addresses: ["10.0.0.1"], targetRef: { kind: "Pod", name: "a" } },
					{ addresses: ["10.0.0.2"], targetRef: { kind: "Pod", name: "b" } },
					{ addresses: ["10.0.0.3"], conditions: { terminating: true } },
				],
				[
					{ name: "metrics", port: 81 },
					{ name: "web", port: 80 },
				],
			),
		],
		pods: [makePod("a", "here", "10.0.0.1"), makePod("b", "here", "10.0.0.2")],
		plantedNamespaces: new Set(),
		...state,
	};
}

describe("a ServiceMonitor's pools", () => {
	test("each endpoint is a pool with the service's addresses at that port", () => {
		const monitor = makeMonitor({
			selector: { matchLabels: app },
			endpoints: [{ port: "metrics" }, { port: "web" }],
		});
		const pools = expectPools(makeState({ serviceMonitors: [monitor] }), []);
		expect(pools.map(({ name, addresses }) => [name, addresses])).toEqual([
			["serviceMonitor/here/m/0", ["10.0.0.1:81", "10.0.0.2:81"]],
			["serviceMonitor/here/m/1", ["10.0.0.1:80", "10.0.0.2:80"]],
		]);
	});

	test("a targetPort is looked up in the service's pods", () => {
		const monitor = makeMonitor({
			selector: {},
			endpoints: [{ targetPort: 81 }, { targetPort: "web" }],
		});
		const pools = expectPools(makeState({ serviceMonitors: [monitor] }), []);
		expect(pools.map(({ addresses }) => addresses)).toEqual([
			["10.0.0.1:81", "10.0.0.2:81"],
			["10.0.0.1:80", "10.0.0.2:80"],
		]);
	});

	test.each([
		["another label", { selector: { matchLabels: { app: "other" } } }],
		[
			"another namespace",
			{ selector: {}, namespaceSelector: { matchNames: ["there"] } },
		],
		[
			"an expression",
			{
				selector: {
					matchExpressions: [
						{ key: "app", operator: "NotIn", values: ["web"] },
					],
				},
			},
		],
	])("%s finds nothing yet", (_, spec) => {
		const monitor = makeMonitor({ endpoints: [{ port: "web" }], ...spec });
		const [pool] = expectPools(makeState({ serviceMonitors: [monitor] }), []);
		expect(pool).toMatchObject({ addresses: [], mustFind: false });
	});

	test("another port than those of a Service with endpoints must be there", () => {
		const monitor = makeMonitor({
			selector: {},
			endpoints: [{ port: "nope" }],
		});
		const state = makeState({ serviceMonitors: [monitor] });
		expect(expectPools(state, [])[0]).toMatchObject({
			addresses: [],
			mustFind: true,
			source:
				"ServiceMonitor here/m selects service here/web with 2 endpoints, port nope",
		});
	});

	test("one of a monitor's pools must find an endpoint, because not every application that it is for need run", () => {
		const wanted = (...ports: string[]) => {
			const endpoints = ports.map((port) => ({ port }));
			const monitor = makeMonitor({ selector: {}, endpoints });
			return expectPools(makeState({ serviceMonitors: [monitor] }), []).map(
				({ mustFind }) => mustFind,
			);
		};
		expect(wanted("metrics", "http-metrics")).toEqual([false, false]);
		expect(wanted("nope", "http-metrics")).toEqual([true, true]);
	});

	test("relabelling of the monitor's own may leave targets out", () => {
		const relabelings = [{ action: "drop", regex: "x" }];
		const monitor = makeMonitor({
			selector: {},
			endpoints: [{ port: "web", relabelings }, { port: "web" }],
		});
		const pools = expectPools(makeState({ serviceMonitors: [monitor] }), []);
		expect(pools.map(({ leavesOut }) => leavesOut)).toEqual([true, false]);
	});
});

describe("a PodMonitor's pools", () => {
	const monitor = podMonitor.parse({
		...makeObject("PodMonitor", "apps"),
		spec: {
			selector: { matchLabels: app },
			namespaceSelector: { any: true },
			podMetricsEndpoints: [{ port: "metrics" }, { port: "http-metrics" }],
		},
	});

	test("pods of any namespace are found at the named port, except those that have ended", () => {
		const pools = expectPools(
			makeState({
				podMonitors: [monitor],
				pods: [
					makePod("a", "here", "10.0.0.1"),
					makePod("b", "there", "fd00::2"),
					makePod("c", "there", "10.0.0.3", "Succeeded"),
				],
			}),
			["apps"],
		);
		expect(pools).toMatchObject([
			{
				name: "podMonitor/here/apps/0",
				addresses: ["10.0.0.1:81", "[fd00::2]:81"],
				mustFind: false,
			},
			{ name: "podMonitor/here/apps/1", addresses: [] },
		]);
	});

	test("one of a monitor's pools must find a pod if it selects any, unless it may find nothing", () => {
		const wanted = (ports: string[], mayFindNothing: string[], pods = true) => {
			const spec = { podMetricsEndpoints: ports.map((port) => ({ port })) };
			const other = podMonitor.parse({
				...makeObject("PodMonitor", "apps"),
				spec,
			});
			const state = makeState({
				podMonitors: [other],
				...(pods ? {} : { pods: [] }),
			});
			return expectPools(state, mayFindNothing).map((each) => each.mustFind);
		};
		expect(wanted(["metrics", "nope"], [])).toEqual([false, false]);
		expect(wanted(["nope"], [])).toEqual([true]);
		expect(wanted(["nope"], ["apps"])).toEqual([false]);
		expect(wanted(["nope"], [], false)).toEqual([false]);
	});
});
