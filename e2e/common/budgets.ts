import { patience } from "./patience.ts";

const seconds = 1000;

/** On a loaded two-core machine. */
const unscaled = {
	/** A target is found within Prometheus' discovery delay and scraped once within its 60 s interval. */
	scrapeInterval: 150 * seconds,
	/** kube-state-metrics hears of a change at once and is scraped each 60 s: within two scrapes it shows. */
	objectState: 120 * seconds,
	/** A rate needs two scrapes, a recording rule one evaluation after them. */
	twoScrapes: 240 * seconds,
	/** A rule reaches Prometheus by the operator, the reloader, and its group's next evaluation. */
	ruleReload: 150 * seconds,
	/** The longest interval of a rule group that is waited for besides. */
	ruleInterval: 600 * seconds,
	/** An alert goes through Alertmanager's group_wait, a resolve through group_interval. */
	notification: 90 * seconds,
	/** A killed or deleted pod is back and Ready, replay included. */
	podRestart: 180 * seconds,
	/** A head block is cut at one and a half times the block length, and the sidecar looks every 30 s. */
	blockUpload: 300 * seconds,
	/** A block that leaves the retention goes when a newer one is cut, or with the look that Prometheus takes each minute. */
	retention: 240 * seconds,
	/** Loki writes what it was told to flush to its object store. */
	lokiFlush: 60 * seconds,
	/** Loki's ruler evaluates a rule, and its remote write sends what it recorded. */
	remoteWrite: 90 * seconds,
	/** A small volume is filled, 1 MiB at a time. */
	fillUp: 180 * seconds,
	/** A store gateway finds a new block, and Thanos' query a new sidecar. */
	storeSync: 150 * seconds,
	/** A workload pulls its image and gets Ready. */
	rollout: 240 * seconds,
	/** A target is scraped each 60 s, and Prometheus is away for one restart of its pod. */
	targetGap: 240 * seconds,
	/** A rule is evaluated each 30 s; it starts anew with Prometheus, and Alertmanager with its own pod. */
	watchdogGap: 180 * seconds,
	/** A ConfigMap reaches Grafana by its sidecar, and a reload that fails is made up for within 30 s. */
	dashboardReload: 90 * seconds,
	/** External Secrets asks Doppler each 5 s, after failures at twice the last wait; a kubelet looks each 10 s. */
	secretSync: 120 * seconds,
	/** A page of Grafana is there: megabytes of scripts, run and drawn without a graphics card. */
	page: 60 * seconds,
	/** An API answers. */
	request: 20 * seconds,
	/** An API answers that has no reason to be slow, as when it is asked whether it is there at all. */
	health: 5 * seconds,
	/** A write to Prometheus is acknowledged; one that hangs must not hold up the next for long. */
	write: 2 * seconds,
	/** A container that was started does what it is for: Docker's own, a registry, MinIO, a browser. */
	containerStart: 60 * seconds,
	/** k3s' API server is ready. */
	apiServer: 60 * seconds,
	/** Every node has joined and is Ready. */
	nodesReady: 120 * seconds,
	/** A node joins, or a volume is bound, so that a pod finds its place. */
	scheduling: 90 * seconds,
	/** An API server that says nothing for so long is gone: k3s restarts within seconds. */
	silence: 60 * seconds,
} as const;

/**
 * How long a thing may take, in milliseconds, named for its cause and multiplied by `patience()`. Each is an upper
 * bound on a loaded two-core machine, not an expectation: a wait ends as soon as what it waits for is there.
 */
export const budgets: Readonly<Record<keyof typeof unscaled, number>> =
	new Proxy(unscaled, {
		get: (all, name: keyof typeof unscaled) => all[name] * patience(),
	});
