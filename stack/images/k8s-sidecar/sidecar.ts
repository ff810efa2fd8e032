// Puts what labelled ConfigMaps and Secrets hold into a folder, and asks for a reload after each change: the contract
// of quay.io/kiwigrid/k8s-sidecar, as its README tells it, for machines that cannot have that image. One file
// without dependencies: it is all that its own image holds beside Node.
import { readFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import { dirname, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

type Kind = "configmap" | "secret";

/** What the environment asks for. */
export interface Settings {
	/** e.g. `grafana_dashboard=1`, or the label alone where any value will do. */
	readonly labelSelector: string;
	readonly folder: string;
	/** An object with this annotation has its files put there, below the folder unless it is an absolute path. */
	readonly folderAnnotation: string;
	readonly kinds: readonly Kind[];
	/** `undefined` stands for all of them. */
	readonly namespaces: readonly (string | undefined)[];
	readonly method: "WATCH" | "SLEEP" | "LIST";
	/** Milliseconds between two looks with method SLEEP. */
	readonly sleep: number;
	readonly uniqueNames: boolean;
	readonly reload: Reload | undefined;
}

interface Reload {
	readonly url: string;
	readonly method: string;
	readonly payload: string | undefined;
	readonly user: string;
	readonly password: string;
	/** How often it is asked before it is given up. */
	readonly attempts: number;
}

/** Where the API server is, and how to speak to it. */
export interface Cluster {
	readonly origin: string;
	readonly ca?: string;
	/** Read for each request: Kubernetes renews it. */
	readonly token: () => string;
}

/** An object of the API, as far as it matters here. */
interface Source {
	readonly metadata: {
		readonly name: string;
		readonly namespace: string;
		readonly resourceVersion: string;
		readonly annotations?: Readonly<Record<string, string>>;
	};
	/** Text of a ConfigMap, base64 of a Secret. */
	readonly data?: Readonly<Record<string, string>> | null;
	readonly binaryData?: Readonly<Record<string, string>> | null;
}

/** @throws Error that names the variable which is missing or is not understood here */
export function readSettings(
	env: Readonly<Record<string, string | undefined>>,
	ownNamespace: string,
): Settings {
	const wanted = (name: string) => {
		const value = env[name];
		if (!value) throw new Error(`${name} is not set`);
		return value;
	};
	for (const name of ["SCRIPT", "RESOURCE_NAME"])
		if (env[name]) throw new Error(`${name}: this stand-in does not know it`);
	const resource = env.RESOURCE || "configmap";
	const kinds: Kind[] =
		resource === "both"
			? ["secret", "configmap"]
			: resource === "secret" || resource === "configmap"
				? [resource]
				: [];
	if (kinds.length === 0)
		throw new Error(`RESOURCE is ${resource}, not configmap, secret or both`);
	const label = wanted("LABEL");
	const namespace = env.NAMESPACE || ownNamespace;
	const method = env.METHOD ?? "";
	return {
		labelSelector: env.LABEL_VALUE ? `${label}=${env.LABEL_VALUE}` : label,
		folder: wanted("FOLDER"),
		folderAnnotation: env.FOLDER_ANNOTATION || "k8s-sidecar-target-directory",
		kinds,
		namespaces: namespace === "ALL" ? [undefined] : namespace.split(","),
		method: method === "LIST" || method === "SLEEP" ? method : "WATCH",
		sleep: Number(env.SLEEP_TIME || 60) * 1000,
		uniqueNames: env.UNIQUE_FILENAMES?.toLowerCase() === "true",
		reload: env.REQ_URL
			? {
					url: env.REQ_URL,
					method: env.REQ_METHOD || "GET",
					payload: env.REQ_PAYLOAD,
					user: env.REQ_USERNAME ?? "",
					password: env.REQ_PASSWORD ?? "",
					attempts: 1 + Number(env.REQ_RETRY_CONNECT || 10),
				}
			: undefined,
	};
}

/** The files of an object: paths with what they hold. */
export function filesOf(
	kind: Kind,
	{ metadata, data, binaryData }: Source,
	{ folder, folderAnnotation, uniqueNames }: Settings,
): Map<string, Buffer> {
	const { name, namespace, annotations } = metadata;
	const target = resolve(folder, annotations?.[folderAnnotation] ?? "");
	const pathOf = (key: string) =>
		join(
			target,
			uniqueNames ? `namespace_${namespace}.${kind}_${name}.${key}` : key,
		);
	const encoding = kind === "secret" ? "base64" : "utf8";
	return new Map([
		...Object.entries(data ?? {}).map(
			([key, text]) => [pathOf(key), Buffer.from(text, encoding)] as const,
		),
		...Object.entries(binaryData ?? {}).map(
			([key, text]) => [pathOf(key), Buffer.from(text, "base64")] as const,
		),
	]);
}

/** Keeps a folder as the cluster's objects are. */
export class Sidecar {
	readonly #settings: Settings;
	readonly #cluster: Cluster;
	readonly #say: (line: string) => void;
	/** What was written of each object, by `kind/namespace/name`. */
	readonly #written = new Map<string, Map<string, Buffer>>();
	#asking: Promise<void> | undefined;
	#changed = false;
	#halves = 0;

	constructor(
		settings: Settings,
		cluster: Cluster,
		say: (line: string) => void,
	) {
		this.#settings = settings;
		this.#cluster = cluster;
		this.#say = say;
	}

	/** Ends after one look with method LIST, otherwise when the signal says so. */
	async run(stop: AbortSignal): Promise<void> {
		const { kinds, namespaces } = this.#settings;
		const places = kinds.flatMap((kind) =>
			namespaces.map((namespace) => ({ kind, namespace })),
		);
		await Promise.all(
			places.map(({ kind, namespace }) => this.#follow(kind, namespace, stop)),
		);
		await this.#asking;
	}

	async #follow(
		kind: Kind,
		namespace: string | undefined,
		stop: AbortSignal,
	): Promise<void> {
		const { method, sleep } = this.#settings;
		while (!stop.aborted) {
			try {
				const version = await this.#list(kind, namespace, stop);
				if (method === "LIST") return;
				if (method === "SLEEP") await pause(sleep, undefined, { signal: stop });
				else await this.#watch(kind, namespace, version, stop);
			} catch (error) {
				if (stop.aborted) return;
				if (method === "LIST") throw error;
				this.#say(`${kind}s of ${namespace ?? "all namespaces"}: ${error}`);
				await pause(1000);
			}
		}
	}

	/** @returns the version from which a watch goes on */
	async #list(
		kind: Kind,
		namespace: string | undefined,
		stop: AbortSignal,
	): Promise<string> {
		const response = await this.#ask(kind, namespace, {}, stop);
		let text = "";
		for await (const chunk of response) text += chunk;
		const list: {
			metadata: { resourceVersion: string };
			items: Source[];
		} = JSON.parse(text);
		const there = new Set(list.items.map((each) => keyOf(kind, each)));
		const prefix = [kind, namespace, ""]
			.filter((each) => each !== undefined)
			.join("/");
		let changed = false;
		for (const key of this.#written.keys())
			if (key.startsWith(prefix) && !there.has(key))
				changed = (await this.#put(key, new Map())) || changed;
		for (const item of list.items) {
			const files = filesOf(kind, item, this.#settings);
			changed = (await this.#put(keyOf(kind, item), files)) || changed;
		}
		if (changed) this.#askForReload();
		return list.metadata.resourceVersion;
	}

	/** Ends when the API server ends it, or no longer knows the version. */
	async #watch(
		kind: Kind,
		namespace: string | undefined,
		since: string,
		stop: AbortSignal,
	): Promise<void> {
		let resourceVersion = since;
		while (!stop.aborted) {
			const response = await this.#ask(
				kind,
				namespace,
				{ watch: "true", allowWatchBookmarks: "true", resourceVersion },
				stop,
			);
			for await (const line of linesOf(response)) {
				const event: { type: string; object: Source } = JSON.parse(line);
				if (event.type === "ERROR") return;
				resourceVersion = event.object.metadata.resourceVersion;
				if (event.type === "BOOKMARK") continue;
				const files =
					event.type === "DELETED"
						? new Map<string, Buffer>()
						: filesOf(kind, event.object, this.#settings);
				const changed = await this.#put(keyOf(kind, event.object), files);
				if (changed) this.#askForReload();
			}
		}
	}

	/** Writes the files of an object, and removes those that it no longer has. @returns whether anything changed */
	async #put(
		key: string,
		files: ReadonlyMap<string, Buffer>,
	): Promise<boolean> {
		const old = this.#written.get(key) ?? new Map<string, Buffer>();
		const gone = [...old.keys()].filter((path) => !files.has(path));
		const fresh = [...files].filter(
			([path, content]) => !old.get(path)?.equals(content),
		);
		for (const path of gone) await rm(path, { force: true });
		for (const [path, content] of fresh) {
			await mkdir(dirname(path), { recursive: true });
			// Nobody must read half a file.
			const half = join(dirname(path), `.half-${this.#halves++}`);
			await writeFile(half, content);
			await rename(half, path);
		}
		if (files.size > 0) this.#written.set(key, new Map(files));
		else this.#written.delete(key);
		for (const path of gone) this.#say(`${key}: removed ${path}`);
		for (const [path] of fresh) this.#say(`${key}: wrote ${path}`);
		return gone.length + fresh.length > 0;
	}

	/** One reload at a time; what changes in the meantime leads to one more. */
	#askForReload(): void {
		const { reload } = this.#settings;
		if (!reload) return;
		this.#changed = true;
		this.#asking ??= (async () => {
			while (this.#changed) {
				this.#changed = false;
				await this.#reload(reload);
			}
			this.#asking = undefined;
		})();
	}

	async #reload(reload: Reload): Promise<void> {
		const { url, method, payload, user, password, attempts } = reload;
		const basic = Buffer.from(`${user}:${password}`).toString("base64");
		for (let i = 1; i <= attempts; i++) {
			try {
				const answer = await fetch(url, {
					method,
					headers: {
						...(user && { authorization: `Basic ${basic}` }),
						...(payload && { "content-type": "application/json" }),
					},
					...(payload && method === "POST" && { body: payload }),
					signal: AbortSignal.timeout(10_000),
				});
				this.#say(`${method} ${url}: ${answer.status} ${await answer.text()}`);
				if (answer.status < 500) return;
			} catch (error) {
				this.#say(`${method} ${url}: ${error}`);
			}
			await pause(1000);
		}
	}

	/** An answer of 200, not read yet. */
	#ask(
		kind: Kind,
		namespace: string | undefined,
		query: Readonly<Record<string, string>>,
		signal: AbortSignal,
	): Promise<http.IncomingMessage> {
		const { origin, ca, token } = this.#cluster;
		const place = namespace ? `/namespaces/${namespace}` : "";
		const url = new URL(`${origin}/api/v1${place}/${kind}s`);
		const { labelSelector } = this.#settings;
		for (const [key, value] of Object.entries({ labelSelector, ...query }))
			url.searchParams.set(key, value);
		const { get } = url.protocol === "https:" ? https : http;
		return new Promise((resolve, reject) => {
			const request = get(
				url,
				{
					...(ca && { ca }),
					headers: { authorization: `Bearer ${token()}` },
					signal,
				},
				(response) => {
					if (response.statusCode === 200) return resolve(response);
					response.resume();
					reject(new Error(`the API server answers ${response.statusCode}`));
				},
			);
			request.on("error", reject);
			// A connection that has died without a word must not be waited on for ever.
			request.on("socket", (socket) => socket.setKeepAlive(true, 30_000));
		});
	}
}

/** Its lines as they come; the answer is given up where its reader is. */
async function* linesOf(
	response: http.IncomingMessage,
): AsyncGenerator<string> {
	let rest = "";
	response.setEncoding("utf8");
	for await (const chunk of response) {
		const lines = (rest + chunk).split("\n");
		rest = lines.pop() ?? "";
		yield* lines.filter(Boolean);
	}
}

function keyOf(kind: Kind, { metadata }: Source): string {
	return `${kind}/${metadata.namespace}/${metadata.name}`;
}

if (import.meta.main) {
	const account = "/var/run/secrets/kubernetes.io/serviceaccount";
	const read = (name: string) => readFileSync(`${account}/${name}`, "utf8");
	const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } =
		process.env;
	// As process 1 of a container Node has no default action for signals: without this, ending takes 30 s.
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
