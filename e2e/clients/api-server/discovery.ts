import { z } from "zod";
import type { ApiServer } from "./api-server.ts";
import { isNotFound, KubeError } from "./kube-error.ts";

const resourceList = z.object({
	resources: z.array(
		z.looseObject({
			name: z.string(),
			kind: z.string(),
			namespaced: z.boolean(),
			verbs: z.array(z.string()).default([]),
		}),
	),
});
type Resource = z.infer<typeof resourceList>["resources"][number];

const version = z.looseObject({ groupVersion: z.string() });
const groupList = z.looseObject({
	groups: z.array(
		z.looseObject({
			name: z.string(),
			versions: z.array(version),
			preferredVersion: version,
		}),
	),
});

/** A kind whose objects can be listed. */
export interface ListedKind {
	readonly apiVersion: string;
	readonly kind: string;
}

/** What a cluster serves. */
export interface ServedKinds {
	/** Each kind of a group once, in the version that the group prefers if that has it. */
	readonly kinds: readonly ListedKind[];
	/** API versions whose server behind the API server does not answer. */
	readonly unavailable: readonly string[];
}

/** Asks the API server for the paths of kinds. */
export class KubeDiscovery {
	readonly #server: ApiServer;
	readonly #known = new Map<string, readonly Resource[]>();

	constructor(server: ApiServer) {
		this.#server = server;
	}

	/**
	 * The path of an object, or of the list of its kind if there is no name.
	 *
	 * @throws KubeError with status 404 if the cluster does not have the kind
	 */
	async pathOf(ref: {
		apiVersion: string;
		kind: string;
		namespace?: string | undefined;
		name?: string | undefined;
	}): Promise<string> {
		const resource =
			find(this.#known.get(ref.apiVersion), ref.kind) ??
			// The kind may be newer than the last answer: its CRD may have been created since.
			find(await this.#learn(ref.apiVersion), ref.kind);
		if (!resource) {
			throw new KubeError(
				`the cluster has no kind ${ref.kind} in ${ref.apiVersion}`,
				{ status: 404 },
			);
		}
		if (resource.namespaced && ref.name && !ref.namespace) {
			throw new KubeError(
				`${ref.kind} ${ref.name} needs a namespace, but none was given`,
			);
		}
		return [
			rootOf(ref.apiVersion),
			...(resource.namespaced && ref.namespace
				? ["namespaces", ref.namespace]
				: []),
			resource.name,
			...(ref.name ? [ref.name] : []),
		].join("/");
	}

	/** Every kind whose objects can be listed, those of CRDs and of servers behind the API server too. */
	async listKinds(): Promise<ServedKinds> {
		const answer = await this.#server.request("GET", "/apis");
		const { groups } = answer.read(groupList);
		const versions = groups.flatMap(({ versions, preferredVersion }) => [
			preferredVersion.groupVersion,
			...versions.map(({ groupVersion }) => groupVersion),
		]);
		const kinds = new Map<string, ListedKind>();
		const unavailable: string[] = [];
		for (const apiVersion of new Set(["v1", ...versions])) {
			const resources = await this.#learn(apiVersion).catch((error) => {
				if (!(error instanceof KubeError && error.status === 503)) throw error;
				unavailable.push(apiVersion);
				return [];
			});
			const group = apiVersion.split("/").at(-2) ?? "";
			for (const { name, kind, verbs } of resources)
				if (!name.includes("/") && verbs.includes("list"))
					kinds.set(`${kind}.${group}`, {
						apiVersion,
						kind,
						...kinds.get(`${kind}.${group}`),
					});
		}
		return { kinds: [...kinds.values()], unavailable };
	}

	async #learn(apiVersion: string): Promise<readonly Resource[]> {
		try {
			const answer = await this.#server.request("GET", rootOf(apiVersion));
			const { resources } = answer.read(resourceList);
			this.#known.set(apiVersion, resources);
			return resources;
		} catch (error) {
			if (isNotFound(error)) return [];
			throw error;
		}
	}
}

function rootOf(apiVersion: string): string {
	return apiVersion.includes("/")
		? `/apis/${apiVersion}`
		: `/api/${apiVersion}`;
}

function find(
	resources: readonly Resource[] | undefined,
	kind: string,
): Resource | undefined {
	// Subresources (`pods/log`) have kinds, too.
	return resources?.find(
		(each) => each.kind === kind && !each.name.includes("/"),
	);
}
