import type { KubeConfig } from "@kubernetes/client-node";
import { z } from "zod";
import { KubeClient } from "../clients/kubernetes.ts";
import { BadInputError, messageOf } from "../common/errors.ts";
import { rememberSecretsIn } from "../common/secrecy/in-values.ts";
import { StartedHelm } from "../harness/chart/helm.ts";
import type { Release } from "../harness/chart/loaded-chart.ts";
import type { Run } from "../harness/run/run.ts";

/** A release in the person's cluster. */
export interface LiveReleaseChoice {
	readonly release: string;
	/** A context of the kubeconfig; by default its current one. */
	readonly context: string | undefined;
	/** By default that of the context. */
	readonly namespace: string | undefined;
}

/** What Helm says about a release, and the API server about itself. */
export interface LiveRelease {
	readonly release: Release;
	/** The chart's name. */
	readonly chart: string;
	/** Of the chart. */
	readonly version: string;
	/** The release's own values, as YAML. */
	readonly values: string;
	/** e.g. 1.33.0 */
	readonly kubeVersion: string;
}

/** What messages and reports call the values of a release. */
export const liveValues = "values of the release";

const metadata = z.looseObject({ chart: z.string(), version: z.string() });

/** Reads a release with `helm get`, which changes nothing. @throws BadInputError */
export async function readLiveRelease(
	run: Run,
	helmImage: string,
	{ release: name, context, namespace }: LiveReleaseChoice,
): Promise<LiveRelease> {
	const config = await loadKubeconfig(context);
	const own = config.getContextObject(config.getCurrentContext());
	const release = { name, namespace: namespace ?? own?.namespace ?? "default" };
	const kubeconfig = await selfContained(config);
	rememberSecretsIn(JSON.parse(kubeconfig));
	const helm = await StartedHelm.start(run, helmImage, "host");
	const file = helm.makeFile("kubeconfig", kubeconfig, 0o600);
	const get = (what: string) =>
		helm
			.run(
				[
					"get",
					what,
					name,
					`--namespace=${release.namespace}`,
					`--kubeconfig=${file.target}`,
					`--output=${what === "values" ? "yaml" : "json"}`,
				],
				{},
				[file],
			)
			.catch((cause: unknown) => {
				throw new BadInputError(
					`--from-release ${name} in namespace ${release.namespace}: ${messageOf(cause)}`,
					{ cause },
				);
			});
	const [about, values] = await Promise.all([get("metadata"), get("values")]);
	const kube = KubeClient.fromKubeconfig(kubeconfig);
	try {
		return {
			release,
			...metadata.parse(JSON.parse(about)),
			values,
			kubeVersion: await kube.version(),
		};
	} finally {
		await kube.close();
	}
}

async function loadKubeconfig(
	context: string | undefined,
): Promise<KubeConfig> {
	// A quarter of all modules; only a release in the person's cluster needs them.
	const { KubeConfig } = await import("@kubernetes/client-node");
	const config = new KubeConfig();
	try {
		config.loadFromDefault();
	} catch (cause) {
		throw new BadInputError(
			`the kubeconfig cannot be read: ${messageOf(cause)}`,
			{ cause },
		);
	}
	if (context) {
		const names = config.getContexts().map(({ name }) => name);
		if (!names.includes(context))
			throw new BadInputError(
				`--context ${context}: the kubeconfig has no such context, but ${names.join(", ") || "none at all"}`,
			);
		config.setCurrentContext(context);
	}
	// The library makes this one up if it finds neither a kubeconfig nor a service account.
	if (config.getCurrentContext() === "loaded-context")
		throw new BadInputError(
			"there is no kubeconfig, neither in $KUBECONFIG nor in ~/.kube/config",
		);
	if (!config.getCurrentCluster())
		throw new BadInputError("the kubeconfig names no current cluster");
	return config;
}

const base64 = (value: unknown): string | undefined =>
	typeof value === "string" || value instanceof Uint8Array
		? Buffer.from(value).toString("base64")
		: undefined;

/**
 * The kubeconfig of the current context with everything in it. Helm runs in a container, so files are read and credential
 * plugins are run here.
 */
async function selfContained(config: KubeConfig): Promise<string> {
	const cluster = config.getCurrentCluster();
	const options: Parameters<KubeConfig["applyToHTTPSOptions"]>[0] = {};
	await config.applyToHTTPSOptions(options);
	const headers = Object.entries(options.headers ?? {});
	const authorization = headers.find(([key]) => /^authorization$/i.test(key));
	const name = "current";
	return JSON.stringify({
		apiVersion: "v1",
		kind: "Config",
		"current-context": name,
		contexts: [{ name, context: { cluster: name, user: name } }],
		clusters: [
			{
				name,
				cluster: {
					server: cluster?.server,
					"certificate-authority-data": base64(options.ca),
					"insecure-skip-tls-verify": cluster?.skipTLSVerify,
					"tls-server-name": cluster?.tlsServerName,
				},
			},
		],
		users: [
			{
				name,
				user: {
					"client-certificate-data": base64(options.cert),
					"client-key-data": base64(options.key),
					token: /^Bearer (.+)$/.exec(String(authorization?.[1]))?.[1],
				},
			},
		],
	});
}
