export type SourceKind = "configmap" | "secret";

/** What the environment asks for. */
export interface Settings {
	/** e.g. `grafana_dashboard=1`, or the label alone if any value matches. */
	readonly labelSelector: string;
	readonly folder: string;
	/** The files of an object with this annotation go there: below the folder, unless it is an absolute path. */
	readonly folderAnnotation: string;
	readonly kinds: readonly SourceKind[];
	/** `undefined` stands for all of them. */
	readonly namespaces: readonly (string | undefined)[];
	readonly method: "WATCH" | "SLEEP" | "LIST";
	/** Milliseconds between two lists with method SLEEP. */
	readonly sleep: number;
	readonly uniqueNames: boolean;
	readonly reload: ReloadSettings | undefined;
}

/** The request that follows each change. */
export interface ReloadSettings {
	readonly url: string;
	readonly method: string;
	readonly payload: string | undefined;
	readonly user: string;
	readonly password: string;
	/** How often it is sent before it is given up. */
	readonly attempts: number;
}

/** @throws Error that names the variable that is missing or not supported */
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
		if (env[name])
			throw new Error(`${name}: this stand-in does not support it`);
	const resource = env.RESOURCE || "configmap";
	const kinds: SourceKind[] =
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
