import { z } from "zod";
import { type ApiServer, isNotFound, KubeError } from "./api-server.ts";

const resourceList = z.object({
	resources: z.array(
		z.looseObject({
			name: z.string(),
			kind: z.string(),
			namespaced: z.boolean(),
		}),
	),
});
type Resource = z.infer<typeof resourceList>["resources"][number];

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
