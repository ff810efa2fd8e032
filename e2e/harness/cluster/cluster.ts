import { randomBytes } from "node:crypto";
import { gte, lt } from "semver";
import { Wait } from "testcontainers";
import { isClientError } from "../../clients/api-server/kube-error.ts";
import { KubeClient } from "../../clients/kubernetes.ts";
import { inBackground } from "../../common/background.ts";
import { budgets } from "../../common/budgets.ts";
import { eventually } from "../../common/eventually.ts";
import { rememberSecret } from "../../common/secrecy/redact.ts";
import type { Engine } from "../docker/engine.ts";
import { findEngineHost } from "../docker/run-container.ts";
import { startContainer } from "../docker/start-container.ts";
import { nameInRun, type Run } from "../run/run.ts";
import type { Machine } from "./machine.ts";
import { AgentContainer, ServerContainer } from "./node-container.ts";
import { readNodeFiles } from "./node-files.ts";
import {
	allTiers,
	labelFlags,
	type NodeLabels,
	type NodeName,
	type Tier,
	tierLabel,
	tierShares,
} from "./tiers.ts";

export interface ClusterOptions {
	readonly image: string;
	readonly machine: Machine;
	readonly pauseImage: string;
	readonly network: string;
	/** Of Kubernetes, e.g. 1.34.1. */
	readonly kubeVersion: string;
	/** containerd's; overlayfs by default. */
	readonly snapshotter: string | undefined;
	/** Host and port of the registry that nodes pull every image from, on the network. */
	readonly registryMirror: string;
	/** The tiers that get an agent; all of them by default. */
	readonly tiers?: readonly Tier[];
	/** Labels that they have from their start: a node that is lost and comes back has them, too. */
	readonly labels?: NodeLabels;
}

/** A cluster whose API server answers; its nodes may not be Ready yet. */
export interface StartedCluster {
	readonly kube: KubeClient;
	/** Reachable from this process. */
	readonly kubeconfig: string;
	/** Reachable from containers on the cluster's network. */
	readonly internalKubeconfig: string;
	/** Docker names of the node containers. */
	readonly nodes: Readonly<Record<NodeName, string>>;
	/** The Kubernetes names of the nodes that were asked for. */
	readonly nodeNames: readonly NodeName[];
	/** Resolves when the containers of the agents run. */
	readonly agents: Promise<unknown>;
}

/** Starts a k3s server, and in the background an agent for each tier. */
export async function startCluster(
	engine: Engine,
	run: Run,
	options: ClusterOptions,
): Promise<StartedCluster> {
	const token = randomBytes(16).toString("hex");
	rememberSecret(token);
	const nameOf = (node: NodeName) => nameInRun(run.id, node);
	const files = await readNodeFiles(options);
	const server = new ServerContainer(options.image, run.labels)
		.withName(nameOf("server"))
		.withNetworkMode(options.network)
		.withEnvironment({ K3S_TOKEN: token })
		.withCopyContentToContainer([...files])
		// The API server answers long before the nodes are Ready, and much can be set up until then.
		.withWaitStrategy(Wait.forLogMessage(/Wrote kubeconfig/))
		.withStartupTimeout(budgets.kubeconfig)
		.withCommand([
			"server",
			"--disable=coredns,local-storage,metrics-server,servicelb,traefik",
			"--disable-helm-controller",
			// If it starts before its role is bound, it exits and is not restarted: then no node is ever schedulable.
			"--disable-cloud-controller",
			"--disable-network-policy",
			// The scheduler fails on a pod if it learns of the pod's volume claim at that very moment. Unless something else
			// happens in the cluster, the scheduler of Kubernetes 1.25 tries again only after this time, by default five
			// minutes. It checks every 30 s, so that it tries again within 40 s.
			"--kube-scheduler-arg=pod-max-in-unschedulable-pods-duration=10s",
			// By default all controllers share 20 requests a second, and start one after the other for three seconds.
			"--kube-controller-manager-arg=kube-api-qps=200",
			"--kube-controller-manager-arg=kube-api-burst=400",
			"--flannel-backend=host-gw",
			`--tls-san=${nameOf("server")}`,
			// Since 1.28, k3s makes certificates only for the addresses that it is told.
			`--tls-san=${await findEngineHost()}`,
			...nodeFlags("server", options),
		]);
	const wanted = options.tiers ?? allTiers;
	const started = await startContainer("node server", server);
	const kubeconfig = started.getKubeConfig();
	const kube = KubeClient.fromKubeconfig(kubeconfig);
	const agents = inBackground(async () => {
		await waitUntilAgentsJoin(kube, token);
		return Promise.all(wanted.map(startAgent));
	});
	await eventually("the API server is ready", budgets.apiServer, () =>
		kube.checkReady(budgets.request),
	);
	return {
		kube,
		kubeconfig,
		internalKubeconfig: started.getAliasedKubeConfig(nameOf("server")),
		nodes: {
			server: nameOf("server"),
			small: nameOf("small"),
			medium: nameOf("medium"),
			large: nameOf("large"),
		},
		nodeNames: ["server", ...wanted],
		agents,
	};

	function startAgent(tier: Tier) {
		const reserved = (amount: number) =>
			Math.floor(amount * (1 - tierShares[tier]));
		const cpu = reserved(engine.info.NCPU * 1000);
		const memory = reserved(engine.info.MemTotal / 2 ** 20);
		const agent = new AgentContainer(options.image, run.labels)
			.withName(nameOf(tier))
			.withNetworkMode(options.network)
			.withEnvironment({
				K3S_TOKEN: token,
				K3S_URL: `https://${nameOf("server")}:6443`,
			})
			.withCopyContentToContainer([...files])
			.withWaitStrategy(Wait.forLogMessage(/Starting k3s agent/))
			.withStartupTimeout(budgets.containerStart)
			.withCommand([
				"agent",
				`--node-label=${tierLabel}=${tier}`,
				`--kubelet-arg=system-reserved=cpu=${cpu}m,memory=${memory}Mi`,
				...nodeFlags(tier, options),
			]);
		return startContainer(`node ${tier}`, agent);
	}
}

/** Waits until the server has a configuration for agents: one that asks too early asks again only after 5 s. */
async function waitUntilAgentsJoin(
	kube: KubeClient,
	token: string,
): Promise<void> {
	const login = Buffer.from(`node:${token}`).toString("base64");
	rememberSecret(login);
	const headers = { authorization: `Basic ${login}` };
	await eventually("agents can join the server", budgets.apiServer, () =>
		kube
			.request("GET", "/v1-k3s/readyz", { headers })
			.catch((error: unknown) => {
				if (!isClientError(error)) throw error;
				// A k3s that does not tell: its agents find out for themselves.
			}),
	);
}

/** The flags of a server and an agent alike. */
function nodeFlags(
	name: NodeName,
	{ pauseImage, snapshotter, kubeVersion, labels }: ClusterOptions,
) {
	return [
		...labelFlags(labels?.[name]),
		...(snapshotter ? [`--snapshotter=${snapshotter}`] : []),
		// From 1.35 on, a kubelet refuses cgroup v1 by default (kubernetes#134298). The flag is older than that.
		...(gte(kubeVersion, "1.35.0")
			? ["--kubelet-arg=fail-cgroupv1=false"]
			: []),
		`--node-name=${name}`,
		`--pause-image=${pauseImage}`,
		// The defaults since 1.27. Those before let the pods of a full node start one after the other.
		...(lt(kubeVersion, "1.27.0")
			? ["--kubelet-arg=kube-api-qps=50", "--kubelet-arg=kube-api-burst=100"]
			: []),
		// Changed Secrets and ConfigMaps reach pods within seconds, not within a minute.
		"--kubelet-arg=sync-frequency=10s",
		// The node shares the machine's disk: the stack is not to blame if that is full.
		"--kubelet-arg=eviction-hard=imagefs.available<1%,nodefs.available<1%",
		"--kubelet-arg=image-gc-high-threshold=100",
	];
}
