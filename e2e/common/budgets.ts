import { patience } from "./patience.ts";

const seconds = 1000;

/** On a loaded two-core machine. */
const unscaled = {
	/** Prometheus finds a target within its discovery delay and scrapes it once within its interval of 60 s. */
	scrapeInterval: 150 * seconds,
	/** kube-state-metrics sees a change at once and is scraped every 60 s: two scrapes later it is in Prometheus. */
	objectState: 120 * seconds,
	/** A rate needs two scrapes, and a recording rule one evaluation after them. */
	twoScrapes: 240 * seconds,
	/** A group of rules with a longer interval is not waited for: the public chart has some with three minutes. */
	ruleInterval: 120 * seconds,
	/** The operator renders a rule, the reloader has Prometheus load it, and its group is evaluated. */
	ruleReload: 150 * seconds,
	/** Alertmanager sends an alert after group_wait, and a resolve after group_interval. */
	notification: 90 * seconds,
	/** A killed or deleted pod is Ready again, WAL replay included. */
	podRestart: 180 * seconds,
	/** A head block is cut at one and a half times the block length, and the sidecar looks for new blocks every 30 s. */
	blockUpload: 300 * seconds,
	/** A block outside the retention is deleted when a newer one is cut, or by Prometheus' check every minute. */
	retention: 240 * seconds,
	/** promtool makes a block: one that took longer is too old to be planted. */
	blockMaking: 15 * seconds,
	/** The sidecar, which looks every 30 s, has looked twice and uploaded a planted block before Prometheus drops it. */
	uploadBeforeDrop: 75 * seconds,
	/** Loki writes what it was asked to flush to its object store. */
	lokiFlush: 60 * seconds,
	/** Loki's ruler evaluates a rule, and its remote write sends the recorded samples. */
	remoteWrite: 90 * seconds,
	/** A small volume is filled, 1 MiB at a time. */
	fillUp: 180 * seconds,
	/** A store gateway finds a new block, and Thanos' query a new sidecar. */
	storeSync: 150 * seconds,
	/** The pods of a workload pull their images and become Ready. */
	rollout: 240 * seconds,
	/** A Job of the chart that Helm waits for: its own default. */
	hook: 300 * seconds,
	/** The operator tries again what it has refused because something else was late. Then it says something else. */
	refusal: 20 * seconds,
	/** A target is scraped every 60 s, and Prometheus is away for one restart of its pod. */
	targetGap: 240 * seconds,
	/** A rule is evaluated every 30 s, and stored from the third time after a start; it restarts with Prometheus, and Alertmanager with its own pod. */
	watchdogGap: 180 * seconds,
	/** A ConfigMap reaches Grafana through its sidecar, and a failed reload is made up for within 30 s. */
	dashboardReload: 90 * seconds,
	/** External Secrets asks Doppler every 5 s, after failures at twice the last interval; a kubelet syncs every 10 s. */
	secretSync: 120 * seconds,
	/** Ten times the stack's monitors, rules and dashboards are in force, hundreds of objects, one reload after the other. */
	plantedWork: 900 * seconds,
	/** A page of Grafana is shown: megabytes of scripts, run and drawn without a graphics card. */
	page: 60 * seconds,
	/** An API answers. Where three clusters shared two cores, 20 s were not enough for five requests at once. */
	request: 30 * seconds,
	/** The API server stores an object. While a cluster starts it is busy, and it ends a request itself after a minute. */
	apply: 60 * seconds,
	/** An API answers a question that costs it nothing, such as whether it is ready. */
	health: 5 * seconds,
	/** Prometheus acknowledges a write; one that hangs must not delay the next for long. */
	write: 2 * seconds,
	/** A Docker engine says what it is, by whatever way it is reached. A person waits for it. */
	engineAnswer: 6 * seconds,
	/** A busy Docker engine answers a call that moves no data: the longest one removes a container. */
	engineCall: 180 * seconds,
	/** A proxy sends a Go module of some megabytes. */
	moduleFetch: 120 * seconds,
	/** A Docker engine answers a ping. One that misses several in a row hangs. */
	enginePing: 15 * seconds,
	/** A container that only says a word is reached at the port that Docker publishes. */
	publishedPort: 10 * seconds,
	/** A container that was started does its work: Docker's own, a registry, MinIO, a browser. */
	containerStart: 60 * seconds,
	/** k3s creates its certificates and datastore and writes its kubeconfig. */
	kubeconfig: 120 * seconds,
	/** k3s' API server is ready. */
	apiServer: 60 * seconds,
	/** Every node has joined and is Ready. */
	nodesReady: 120 * seconds,
	/** A node joins or a volume is bound, and a pod that waited for it is scheduled. */
	scheduling: 90 * seconds,
	/** k3s restarts within seconds: an API server that does not answer for this long is gone. */
	silence: 60 * seconds,
	/** A step under way notices that its containers are gone, and fails. */
	notice: 8 * seconds,
	/** Docker removes the containers, networks and volumes of a run. */
	removal: 60 * seconds,
	/** Something of a dead run goes when another one starts: what does not go at all would hold up each of them. */
	leftover: 10 * seconds,
	/** The kernel unmounts the file systems of a node that was killed. */
	unmount: 60 * seconds,
	/** Another run on this machine has finished building its images. */
	lock: 3600 * seconds,
} as const;

/**
 * How long something may take, in milliseconds, named for its cause and multiplied by `patience()`. Each is an upper
 * bound on a loaded two-core machine, not an expectation: a wait ends as soon as the awaited state is reached, or cannot
 * be reached any more.
 */
export const budgets: Readonly<Record<keyof typeof unscaled, number>> =
	new Proxy(unscaled, {
		get: (all, name: keyof typeof unscaled) =>
			Math.ceil(all[name] * patience()),
	});
