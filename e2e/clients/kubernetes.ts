import { partition, sortBy } from "es-toolkit";
import pLimit from "p-limit";
import { z } from "zod";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import {
	type Answer,
	ApiServer,
	type RequestOptions,
} from "./api-server/api-server.ts";
import { KubeDiscovery, type ServedKinds } from "./api-server/discovery.ts";
import { isNotFound } from "./api-server/kube-error.ts";
import { parseManifests } from "./api-server/manifests.ts";
import { readItems } from "./api-server/object-list.ts";
import { type ObjectRef, refOf } from "./api-server/object-ref.ts";
import { type ProxiedService, ProxyClient } from "./api-server/proxy.ts";
import {
	type Event,
	event,
	hasCondition,
	type KubeObject,
	kubeObject,
	type Manifest,
	timeOfEvent,
	withConditions,
} from "./kube-objects.ts";

export interface ListOptions {
	readonly apiVersion: string;
	readonly kind: string;
	/** All namespaces by default. */
	readonly namespace?: string | undefined;
	readonly labelSelector?: string;
	readonly fieldSelector?: string;
}

export interface LogOptions {
	readonly container?: string;
	/** The log of the container before its last restart. */
	readonly previous?: boolean;
	readonly tailLines?: number;
	readonly sinceSeconds?: number;
}

const fieldManager = "o11y-e2e";
const applyFirst = new Set(["Namespace", "CustomResourceDefinition"]);
const inParallel = 8;
const serverVersion = z.looseObject({ gitVersion: z.string() });

/** A cluster's API. */
export class KubeClient {
	readonly #server: ApiServer;
	readonly #discovery: KubeDiscovery;

	private constructor(server: ApiServer) {
		this.#server = server;
		this.#discovery = new KubeDiscovery(server);
	}

	static fromKubeconfig(yaml: string): KubeClient {
		return new KubeClient(ApiServer.fromKubeconfig(yaml));
	}

	/** Any request to the API server. @throws KubeError unless the answer is 2xx */
	request(
		method: string,
		path: string,
		options?: RequestOptions,
	): Promise<Answer> {
		return this.#server.request(method, path, options);
	}

	/** Asks the API server whether it is ready. @throws KubeError if it is not, or does not answer in time */
	async checkReady(timeout: number = budgets.health): Promise<void> {
		await this.request("GET", "/readyz", { timeout });
	}

	/** HTTP to a Service or pod through the API server. */
	proxy(service: ProxiedService): ProxyClient {
		return ProxyClient.to(this.#server, service);
	}

	/** Server-side apply: namespaces and CRDs first, until those are established, then everything else. */
	async apply(objects: readonly Manifest[] | string): Promise<KubeObject[]> {
		const all = typeof objects === "string" ? parseManifests(objects) : objects;
		const [first, rest] = partition(all, ({ kind }) => applyFirst.has(kind));
		const limit = pLimit(inParallel);
		const applied = await limit.map(first, (each) => this.#applyOne(each));
		await Promise.all(
			first
				.filter((each) => each.kind === "CustomResourceDefinition")
				.map((each) => this.#waitUntilEstablished(each)),
		);
		return [
			...applied,
			...(await limit.map(rest, (each) => this.#applyOne(each))),
		];
	}

	/** Changes some fields of an object and leaves all others as they are (RFC 7396). */
	async mergePatch(
		ref: ObjectRef,
		change: Readonly<Record<string, unknown>>,
		subresource?: "status",
	): Promise<void> {
		const path = await this.#discovery.pathOf(ref);
		await this.request("PATCH", subresource ? `${path}/${subresource}` : path, {
			headers: { "content-type": "application/merge-patch+json" },
			body: change,
		});
	}

	/** Deletes objects and does not wait until they are gone. One that does not exist is not an error. */
	async delete(
		objects: readonly Manifest[] | readonly ObjectRef[] | string,
		options: { gracePeriodSeconds?: number } = {},
	): Promise<void> {
		const all =
			typeof objects === "string" ? parseManifests(objects) : [...objects];
		const limit = pLimit(inParallel);
		await limit.map(all, async (each) => {
			const ref = refOf(each);
			try {
				const path = await this.#discovery.pathOf(ref);
				await this.request("DELETE", path, {
					query: { propagationPolicy: "Background", ...options },
				});
			} catch (error) {
				if (!isNotFound(error)) throw error;
			}
		});
	}

	/** Kubernetes' version without the distribution's suffix, e.g. `1.34.1`. */
	async version(): Promise<string> {
		const answer = await this.request("GET", "/version");
		const { gitVersion } = answer.read(serverVersion);
		return /\d+\.\d+\.\d+/.exec(gitVersion)?.[0] ?? gitVersion;
	}

	async get(ref: ObjectRef): Promise<KubeObject>;
	async get<T>(ref: ObjectRef, schema: z.ZodType<T>): Promise<T>;
	async get<T>(ref: ObjectRef, schema?: z.ZodType<T>): Promise<T | KubeObject> {
		const path = await this.#discovery.pathOf(ref);
		const answer = await this.request("GET", path);
		return answer.read<T | KubeObject>(schema ?? kubeObject);
	}

	async list(options: ListOptions): Promise<KubeObject[]>;
	async list<T>(options: ListOptions, schema: z.ZodType<T>): Promise<T[]>;
	async list<T>(
		options: ListOptions,
		schema?: z.ZodType<T>,
	): Promise<(T | KubeObject)[]> {
		const { apiVersion, kind, namespace, ...selectors } = options;
		const path = await this.#discovery.pathOf({ apiVersion, kind, namespace });
		const answer = await this.request("GET", path, { query: { ...selectors } });
		return readItems<T | KubeObject>(answer, options, schema ?? kubeObject);
	}

	/** Every kind whose objects can be listed. */
	listKinds(): Promise<ServedKinds> {
		return this.#discovery.listKinds();
	}

	async createNamespace(
		name: string,
		labels: Readonly<Record<string, string>> = {},
	): Promise<void> {
		await this.apply([
			{ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } },
		]);
	}

	/** Deletes a namespace and does not wait until it is gone. */
	async deleteNamespace(name: string): Promise<void> {
		await this.delete([{ apiVersion: "v1", kind: "Namespace", name }]);
	}

	async logs(
		namespace: string,
		podName: string,
		options: LogOptions = {},
	): Promise<string> {
		const answer = await this.request(
			"GET",
			`/api/v1/namespaces/${namespace}/pods/${podName}/log`,
			{ query: { ...options } },
		);
		return answer.text;
	}

	/** Events of a namespace, or of one object in it, oldest first. */
	async events(
		namespace: string,
		about: { kind?: string; name?: string } = {},
	): Promise<Event[]> {
		const selector = [
			about.kind && `involvedObject.kind=${about.kind}`,
			about.name && `involvedObject.name=${about.name}`,
		].filter((each) => each !== undefined);
		const events = await this.list(
			{
				apiVersion: "v1",
				kind: "Event",
				namespace,
				...(selector.length && { fieldSelector: selector.join(",") }),
			},
			event,
		);
		return sortBy(events, [timeOfEvent]);
	}

	/** Closes idle connections. */
	close(): Promise<void> {
		return this.#server.close();
	}

	async #applyOne(object: Manifest): Promise<KubeObject> {
		const path = await this.#discovery.pathOf(refOf(object));
		const answer = await this.request("PATCH", path, {
			query: { fieldManager, force: true },
			headers: { "content-type": "application/apply-patch+yaml" },
			body: JSON.stringify(object),
			timeout: budgets.apply,
		});
		return answer.read(kubeObject);
	}

	async #waitUntilEstablished(crd: Manifest): Promise<void> {
		await eventually(
			`CustomResourceDefinition ${crd.metadata.name} is established`,
			budgets.rollout,
			async () => {
				const seen = await this.get(refOf(crd), established);
				if (hasCondition(seen, "Established")) return;
				const messages = seen.status.conditions.map(({ message }) => message);
				return notYet(messages.join("; ") || "no condition yet");
			},
		);
	}
}

const established = kubeObject.extend({ status: withConditions });
