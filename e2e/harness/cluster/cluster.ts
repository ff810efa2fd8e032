import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Wait } from "testcontainers";
import { hasCondition, node } from "../../clients/kube-objects.ts";
import { KubeClient } from "../../clients/kubernetes.ts";
import { inBackground } from "../../common/background.ts";
import { budgets } from "../../common/budgets.ts";
import { SetUpError } from "../../common/errors.ts";
import { eventually, notYet } from "../../common/eventually.ts";
import { projectPath } from "../../common/paths.ts";
import type { Engine } from "../docker/engine.ts";
import { runOneShot } from "../docker/one-shot.ts";
import { findEngineHost } from "../docker/run-container.ts";
import { startContainer } from "../docker/start-container.ts";
import { nameInRun, type Run } from "../run/run.ts";
import { AgentContainer, ServerContainer } from "./node-container.ts";

/** The tiers, in the order of their allocatable resources, with the share of the machine that each can allocate. */
const shares = { small: 0.3, medium: 0.6, large: 0.95 } as const;
export type Tier = keyof typeof shares;
const allTiers = ["small", "medium", "large"] as const;
export type NodeName = "server" | Tier;

export interface ClusterOptions {
	readonly image: string;
	readonly pauseImage: string;
	readonly network: string;
	/** Host and port of the registry that nodes pull every image from, on the network. */
	readonly registryMirror: string;
	/** The tiers that get an agent; all of them by default. */
	readonly tiers?: readonly Tier[];
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

/** Starts a k3s server and an agent for each tier, all at the same time: agents wait for their server. */
export async function startCluster(
	engine: Engine,
	run: Run,
	options: ClusterOptions,
): Promise<StartedCluster> {
	const token = randomBytes(16).toString("hex");
	const nameOf = (node: NodeName) => nameInRun(run.id, node);
	const files = await nodeFiles(engine, run, options);
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
			"--flannel-backend=host-gw",
			`--tls-san=${nameOf("server")}`,
			// Since 1.28, k3s makes certificates only for the addresses that it is told.
			`--tls-san=${await findEngineHost()}`,
			...kubeletFlags("server", options),
		]);
	const wanted = options.tiers ?? allTiers;
	const agents = inBackground(() => Promise.all(wanted.map(startAgent)));

	const started = await startContainer("node server", server);
	const kubeconfig = started.getKubeConfig();
	const kube = KubeClient.fromKubeconfig(kubeconfig);
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
			Math.floor(amount * (1 - shares[tier]));
		const cpu = reserved(engine.cpus * 1000);
		const memory = reserved(engine.memoryBytes / 2 ** 20);
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
				`--node-label=o11y.ruiz.sh/tier=${tier}`,
				`--kubelet-arg=system-reserved=cpu=${cpu}m,memory=${memory}Mi`,
				...kubeletFlags(tier, options),
			]);
		return startContainer(`node ${tier}`, agent);
	}
}

/** Waits until every node that was asked for is Ready. */
export async function waitForNodes({
	kube,
	agents,
	nodeNames,
}: StartedCluster): Promise<void> {
	await agents;
	await eventually(
		`${nodeNames.join(", ")} are Ready`,
		budgets.nodesReady,
		async () => {
			const nodes = await kube.list({ apiVersion: "v1", kind: "Node" }, node);
			const missing = nodeNames.flatMap((name) => {
				const seen = nodes.find((each) => each.metadata.name === name);
				if (!seen) return [`${name} has not registered`];
				if (hasCondition(seen, "Ready")) return [];
				const ready = seen.status.conditions.find((c) => c.type === "Ready");
				return [`${name}: ${ready?.message ?? "no condition Ready yet"}`];
			});
			return missing.length === 0 || notYet(missing.join("; "));
		},
	);
}

function kubeletFlags(name: NodeName, { pauseImage }: ClusterOptions) {
	return [
		`--node-name=${name}`,
		`--pause-image=${pauseImage}`,
		// Changed Secrets and ConfigMaps reach pods within seconds, not within a minute.
		"--kubelet-arg=sync-frequency=10s",
		// The node shares the machine's disk: the stack is not to blame if that is full.
		"--kubelet-arg=eviction-hard=imagefs.available<1%,nodefs.available<1%",
		"--kubelet-arg=image-gc-high-threshold=100",
	];
}

async function nodeFiles(
	engine: Engine,
	run: Run,
	{ image, registryMirror }: ClusterOptions,
) {
	const registries = `mirrors:\n  "*":\n    endpoint: ["http://${registryMirror}"]\n`;
	const files = [
		{ content: registries, target: "/etc/rancher/k3s/registries.yaml" },
	];
	if (await lacksSysResource(engine, run, image)) {
		const template = projectPath("stack/images/k3s/config.toml.tmpl");
		files.push({
			content: await readFile(template, "utf8"),
			target: "/var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl",
		});
	}
	return files;
}

/** Some virtual machines withhold CAP_SYS_RESOURCE even from privileged containers. */
async function lacksSysResource(
	{ docker }: Engine,
	run: Run,
	image: string,
): Promise<boolean> {
	const { stdout } = await runOneShot(docker, {
		image,
		tool: "cat",
		args: ["/proc/self/status"],
		labels: run.labels,
		privileged: true,
	});
	const bounding = /^CapBnd:\s*([0-9a-f]+)/m.exec(stdout)?.[1];
	if (!bounding) {
		throw new SetUpError(
			"the capabilities of a privileged container could not be read: its /proc/self/status has no CapBnd",
		);
	}
	const sysResource = 24n;
	return ((BigInt(`0x${bounding}`) >> sysResource) & 1n) === 0n;
}
