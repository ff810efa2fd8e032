import { parse } from "yaml";
import { z } from "zod";
import { parseAs } from "../../common/parsing/parse-as.ts";

const base64 = z
	.string()
	.transform((text) => Buffer.from(text, "base64"))
	.optional();

const kubeconfig = z.looseObject({
	"current-context": z.string(),
	contexts: z.array(
		z.looseObject({
			name: z.string(),
			context: z.looseObject({ cluster: z.string(), user: z.string() }),
		}),
	),
	clusters: z.array(
		z.looseObject({
			name: z.string(),
			cluster: z.looseObject({
				server: z.string(),
				"certificate-authority-data": base64,
				"insecure-skip-tls-verify": z.boolean().default(false),
			}),
		}),
	),
	users: z.array(
		z.looseObject({
			name: z.string(),
			user: z.looseObject({
				"client-certificate-data": base64,
				"client-key-data": base64,
				token: z.string().optional(),
			}),
		}),
	),
});

/** How to reach a cluster, and as whom. */
export interface ClusterAccess {
	readonly server: string;
	readonly ca: Buffer | undefined;
	/** Of the client. */
	readonly cert: Buffer | undefined;
	readonly key: Buffer | undefined;
	readonly token: string | undefined;
	readonly skipTlsVerify: boolean;
}

/**
 * Reads a kubeconfig with everything in it, as k3s writes it. Those of people, which refer to files and plugins, are read
 * by the Kubernetes client (live-release.ts), whose 850 modules each claim would load for a second and a half.
 *
 * @returns undefined if it names no current cluster and user
 */
export function readKubeconfig(yaml: string): ClusterAccess | undefined {
	const config = parseAs(kubeconfig, parse(yaml), "the kubeconfig");
	const current = config.contexts.find(
		({ name }) => name === config["current-context"],
	)?.context;
	const cluster = config.clusters.find(
		({ name }) => name === current?.cluster,
	)?.cluster;
	const user = config.users.find(({ name }) => name === current?.user)?.user;
	if (!cluster || !user) return undefined;
	return {
		server: cluster.server,
		ca: cluster["certificate-authority-data"],
		cert: user["client-certificate-data"],
		key: user["client-key-data"],
		token: user.token,
		skipTlsVerify: cluster["insecure-skip-tls-verify"],
	};
}
