import type { KubeClient } from "../../clients/kubernetes.ts";
import { budgets } from "../../common/budgets.ts";
import type { Refusal } from "../../common/environment.ts";
import { HopelessError, NeverSeenError } from "../../common/eventually.ts";
import { listOperated, whyUnreconciled } from "./unreconciled.ts";

/** What is looked for and not there may still come: External Secrets writes a Secret when it has asked Doppler. */
const mayStillCome = /not found|does not exist/i;
/**
 * What keeps the operator from its work, and is not wrong in any object. A "scrapeTimeout" is: only the API server's words
 * for one that is over count.
 */
const ofSurroundings =
	/connection re(?:fused|set)|no route to host|i\/o timeout|handshake timeout|timed out|requested timeout|Client\.Timeout|deadline exceeded|no endpoints|failed calling webhook|please apply your changes|context canceled|too many requests|etcdserver|currently unable to handle/i;
/** From the second crash on: the first may come before the files are there, as the operator did without an init container for them once. */
const crash =
	/container (?:prometheus|alertmanager) (?:crashed [1-9]\d*|was restarted (?:[2-9]|[1-9]\d+)) times.*its log ends: .*(?:error loading config|loading configuration file failed)/is;
const fileIsLate = /no such file or directory/;
const reload = /could not load its configuration/;

/** Whether a pod ends again and again because of the configuration that it was given, by the reason why it is not ready. */
export function isOwnCrash(reason: string): boolean {
	return crash.test(reason) && !fileIsLate.test(reason);
}

/** What is refused for so long in the same words stays refused, unless it is only late or the cluster is slow. */
export function isFinal(said: string, milliseconds: number): boolean {
	return (
		!mayStillCome.test(said) &&
		!ofSurroundings.test(said) &&
		milliseconds >= budgets.refusal
	);
}

/**
 * Makes a step for the probe of a wait for the operator: it returns what the operator says against an object.
 *
 * @throws HopelessError once that is final
 */
export function watchRefusal(
	kube: KubeClient,
	namespace: string,
	kind: Refusal["kind"],
	name: string,
): () => Promise<string | undefined> {
	let last: string | undefined;
	let since = performance.now();
	return async () => {
		const all = await listOperated(kube, namespace, kind);
		const object = all.find(({ metadata }) => metadata.name === name);
		const said = object && whyUnreconciled(object);
		if (said !== last) since = performance.now();
		last = said;
		if (said && isFinal(said, performance.now() - since))
			throw new HopelessError(said);
		return said;
	};
}

/**
 * Makes a step for the probe of a wait for Prometheus' pods.
 *
 * @returns throws HopelessError once it is final that one of them cannot load its configuration, in its own words
 */
export function watchReload(
	kube: KubeClient,
	namespace: string,
): (pods: readonly string[]) => Promise<void> {
	let since: number | undefined;
	return async (pods) => {
		const logs = pods.map(async (pod) => {
			const log = await kube.logs(namespace, pod, {
				container: "prometheus",
				tailLines: 100,
			});
			const why = findReloadError(log);
			return why ? [`pod ${pod} could not load its configuration: ${why}`] : [];
		});
		const [said] = (await Promise.all(logs)).flat();
		since = said ? (since ?? performance.now()) : undefined;
		if (said && since && isFinal(said, performance.now() - since))
			throw new HopelessError(said);
	};
}

/** Why the last attempt to load a configuration failed, by Prometheus' log; undefined if it did not. */
export function findReloadError(log: string): string | undefined {
	const last = log
		.split("\n")
		.findLast((line) =>
			/Error reloading config|Completed loading of configuration/.test(line),
		);
	return last?.includes("Error reloading config") ? last.trim() : undefined;
}

/**
 * Waits for something of Prometheus or Alertmanager.
 *
 * @returns what was refused, if that is why it never came
 * @throws whatever else it fails with: that says nothing about the stack
 */
export async function unlessRefused(
	kind: Refusal["kind"],
	wait: () => Promise<void>,
): Promise<Refusal[]> {
	try {
		await wait();
		return [];
	} catch (error) {
		if (!(error instanceof NeverSeenError)) throw error;
		const { message: says } = error;
		const refused =
			(/ is Reconciled=False: /.test(says) && !ofSurroundings.test(says)) ||
			isOwnCrash(says) ||
			reload.test(says);
		if (refused) return [{ kind, says }];
		throw error;
	}
}
