// Copies labelled ConfigMaps and Secrets into a folder, and asks for a reload after each change: the contract of
// quay.io/kiwigrid/k8s-sidecar, as its README describes it, for machines that cannot have that image. Nothing in this
// folder has dependencies: its image contains only these files and Node.
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import {
	type Cluster,
	SourceApi,
	type SourceObject,
	type SourcePlace,
} from "./api-server.ts";
import { filesOf, WrittenFiles } from "./files.ts";
import { Reloader } from "./reload.ts";
import { readSettings, type Settings, type SourceKind } from "./settings.ts";

/** Keeps a folder equal to the cluster's objects. */
export class Sidecar {
	readonly #settings: Settings;
	readonly #api: SourceApi;
	readonly #say: (line: string) => void;
	readonly #written: WrittenFiles;
	readonly #reloader: Reloader | undefined;

	constructor(
		settings: Settings,
		cluster: Cluster,
		say: (line: string) => void,
	) {
		this.#settings = settings;
		this.#api = new SourceApi(cluster, settings.labelSelector);
		this.#say = say;
		this.#written = new WrittenFiles(say);
		this.#reloader = settings.reload && new Reloader(settings.reload, say);
	}

	/** Ends after one list with method LIST, otherwise when the signal aborts. */
	async run(stop: AbortSignal): Promise<void> {
		const { kinds, namespaces } = this.#settings;
		const places = kinds.flatMap((kind) =>
			namespaces.map((namespace) => ({ kind, namespace })),
		);
		await Promise.all(places.map((place) => this.#follow(place, stop)));
		await this.#reloader?.settled();
	}

	async #follow(place: SourcePlace, stop: AbortSignal): Promise<void> {
		const { method, sleep } = this.#settings;
		while (!stop.aborted) {
			try {
				const version = await this.#list(place, stop);
				if (method === "LIST") return;
				if (method === "SLEEP") await pause(sleep, undefined, { signal: stop });
				else await this.#watch(place, version, stop);
			} catch (error) {
				if (stop.aborted) return;
				if (method === "LIST") throw error;
				const { kind, namespace = "all namespaces" } = place;
				this.#say(`${kind}s of ${namespace}: ${error}`);
				await pause(1000);
			}
		}
	}

	/** @returns the version from which a watch continues */
	async #list(place: SourcePlace, stop: AbortSignal): Promise<string> {
		const { kind, namespace } = place;
		const { metadata, items } = await this.#api.list(place, stop);
		const there = new Set(items.map((each) => keyOf(kind, each)));
		const prefix = [kind, namespace, ""]
			.filter((each) => each !== undefined)
			.join("/");
		let changed = false;
		for (const key of this.#written.keys())
			if (key.startsWith(prefix) && !there.has(key))
				changed = (await this.#written.put(key, new Map())) || changed;
		for (const item of items) {
			const files = filesOf(kind, item, this.#settings);
			changed = (await this.#written.put(keyOf(kind, item), files)) || changed;
		}
		if (changed) this.#reloader?.request();
		return metadata.resourceVersion;
	}

	/** Ends when the API server no longer knows the version. */
	async #watch(
		place: SourcePlace,
		since: string,
		stop: AbortSignal,
	): Promise<void> {
		const { kind } = place;
		let version = since;
		while (!stop.aborted) {
			const events = this.#api.watch(place, version, stop);
			for await (const { type, object } of events) {
				if (type === "ERROR") return;
				version = object.metadata.resourceVersion;
				if (type === "BOOKMARK") continue;
				const files =
					type === "DELETED"
						? new Map<string, Buffer>()
						: filesOf(kind, object, this.#settings);
				const changed = await this.#written.put(keyOf(kind, object), files);
				if (changed) this.#reloader?.request();
			}
		}
	}
}

function keyOf(kind: SourceKind, { metadata }: SourceObject): string {
	return `${kind}/${metadata.namespace}/${metadata.name}`;
}

if (import.meta.main) {
	const account = "/var/run/secrets/kubernetes.io/serviceaccount";
	const read = (name: string) => readFileSync(`${account}/${name}`, "utf8");
	const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } =
		process.env;
	// As process 1 of a container Node has no default action for signals: without this, stopping takes 30 s.
	process.once("SIGTERM", () => process.exit(0));
	const sidecar = new Sidecar(
		readSettings(process.env, read("namespace")),
		{
			origin: `https://${host}:${port}`,
			ca: read("ca.crt"),
			token: () => read("token"),
		},
		(line) => console.log(`${new Date().toISOString()} ${line}`),
	);
	await sidecar.run(new AbortController().signal);
}
