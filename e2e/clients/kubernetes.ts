import pLimit from "p-limit";
import { z } from "zod";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import {
	type Answer,
	ApiServer,
	isNotFound,
	type Query,
	type RequestOptions,
} from "./api-server.ts";
import { KubeDiscovery } from "./kube-discovery.ts";
import {
	type Event,
	event,
	hasCondition,
	type KubeObject,
	kubeObject,
	type Manifest,
	parseManifests,
	withConditions,
} from "./kube-objects.ts";
import { type ProxiedService, ProxyClient } from "./proxy.ts";

export { isNotFound, KubeError } from "./api-server.ts";
export type { Event, KubeObject, Manifest, Pod } from "./kube-objects.ts";
export type { ProxyClient } from "./proxy.ts";

export interface ObjectRef {
	readonly apiVersion: string;
	readonly kind: string;
	readonly namespace?: string | undefined;
	readonly name: string;
}

export interface ListOptions {
	readonly apiVersion: string;
	readonly kind: string;
	/** All namespaces unless told. */
	readonly namespace?: string | undefined;
	readonly labelSelector?: string;
	readonly fieldSelector?: string;
}

export interface LogOptions {
	readonly container?: string;
	/** The log of the container's life before this one. */
	readonly previous?: boolean;
	readonly tailLines?: number;
	readonly sinceSeconds?: number;
}

const fieldManager = "o11y-e2e";
const inParallel = 8;
const serverVersion = z.looseObject({ gitVersion: z.string() });

/** A cluster, as its API server shows it. */
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

	/** Any request to the API server. @throws KubeError unless it answers 2xx */
	request(
		method: string,
		path: string,
		options?: RequestOptions,
	): Promise<Answer> {
		return this.#server.request(method, path, options);
	}

	/** HTTP to a service or pod, by way of the API server. */
	proxy(service: ProxiedService): ProxyClient {
		return ProxyClient.to(this.#server, service);
	}

	/** Server-side apply, in an order that fits: namespaces and CRDs (until established), then all else. */
	async apply(objects: readonly Manifest[] | string): Promise<KubeObject[]> {
		const all = typeof objects === "string" ? parseManifests(objects) : objects;
		const first = all.filter((each) => comesFirst(each));
		const rest = all.filter((each) => !comesFirst(each));
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

	/** Changes some fields of an object and leaves the others, whoever set them (RFC 7396). */
	async mergePatch(
		ref: ObjectRef,
		change: Readonly<Record<string, unknown>>,
		subresource?: "scale" | "status",
	): Promise<void> {
		const path = await this.#discovery.pathOf(ref);
		await this.request("PATCH", subresource ? `${path}/${subresource}` : path, {
			headers: { "content-type": "application/merge-patch+json" },
			body: change,
		});
	}

	/** Deletes objects; one that is already gone is no error. */
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

	/** Kubernetes' own, e.g. `1.34.1`, without what its maker adds. */
	async version(): Promise<string> {
		const answer = await this.request("GET", "/version");
		const { gitVersion } = serverVersion.parse(answer.json());
		return /\d+\.\d+\.\d+/.exec(gitVersion)?.[0] ?? gitVersion;
	}

	async get(ref: ObjectRef): Promise<KubeObject>;
	async get<T>(ref: ObjectRef, schema: z.ZodType<T>): Promise<T>;
	async get<T>(ref: ObjectRef, schema?: z.ZodType<T>): Promise<T | KubeObject> {
		const path = await this.#discovery.pathOf(ref);
		const answer = await this.request("GET", path);
		return (schema ?? kubeObject).parse(answer.json());
	}

	async list(options: ListOptions): Promise<KubeObject[]>;
	async list<T>(options: ListOptions, schema: z.ZodType<T>): Promise<T[]>;
	async list<T>(
		options: ListOptions,
		schema?: z.ZodType<T>,
	): Promise<(T | KubeObject)[]> {
		const { apiVersion, kind, namespace, ...query } = options;
		const path = await this.#discovery.pathOf({ apiVersion, kind, namespace });
		const answer = await this.request("GET", path, {
			query: makeListQuery(query),
		});
		const { items } = z
			.object({ items: z.array(z.looseObject({})) })
			.parse(answer.json());
		// Items of a list bear neither kind nor version of their own.
		return items.map((each) =>
			(schema ?? kubeObject).parse({ ...each, apiVersion, kind }),
		);
	}

	async createNamespace(
		name: string,
		labels: Readonly<Record<string, string>> = {},
	): Promise<void> {
		await this.apply([
			{ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } },
		]);
	}

	/** Asks for the deletion of a namespace, and does not wait for it. */
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
		return events.sort((a, b) => timeOf(a).localeCompare(timeOf(b)));
	}

	/** Ends idle connections. */
	close(): Promise<void> {
		return this.#server.close();
	}

	async #applyOne(object: Manifest): Promise<KubeObject> {
		const path = await this.#discovery.pathOf(refOf(object));
		const answer = await this.request("PATCH", path, {
			query: { fieldManager, force: true },
			headers: { "content-type": "application/apply-patch+yaml" },
			body: JSON.stringify(object),
		});
		return kubeObject.parse(answer.json());
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

function comesFirst(object: Manifest): boolean {
	return (
		object.kind === "Namespace" || object.kind === "CustomResourceDefinition"
	);
}

function refOf(object: Manifest | ObjectRef): ObjectRef {
	if (!isManifest(object)) return object;
	const { apiVersion, kind, metadata } = object;
	return {
		apiVersion,
		kind,
		name: metadata.name,
		namespace: metadata.namespace,
	};
}

function isManifest(object: Manifest | ObjectRef): object is Manifest {
	return "metadata" in object;
}

function makeListQuery(selectors: {
	labelSelector?: string;
	fieldSelector?: string;
}): Query {
	return { ...selectors };
}

function timeOf(seen: Event): string {
	return (
		seen.lastTimestamp ??
		seen.eventTime ??
		seen.metadata.creationTimestamp ??
		""
	);
}
