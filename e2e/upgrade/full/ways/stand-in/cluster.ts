import { onTestFinished } from "vitest";
import { parseManifests } from "../../../../clients/api-server/manifests.ts";
import { playApiServer } from "../../../../clients/api-server/played-api-server.ts";
import type { Manifest } from "../../../../clients/kube-objects.ts";
import { KubeClient } from "../../../../clients/kubernetes.ts";

const kinds = [
	["v1", "ConfigMap", "configmaps", true],
	["v1", "Pod", "pods", true],
	["apps/v1", "Deployment", "deployments", true],
	["batch/v1", "Job", "jobs", true],
	[
		"apiextensions.k8s.io/v1",
		"CustomResourceDefinition",
		"customresourcedefinitions",
		false,
	],
] as const;

/** For tests: an API server with these objects, until the test has finished. It records what it is asked to change, and what is applied is there. */
export async function startStandInCluster(
	objects: readonly Manifest[],
	log = "one\ntwo\n",
) {
	const changes: string[] = [];
	const pathOf = ({ apiVersion, kind, metadata }: Manifest) => {
		const [, , plural = "", isNamespaced = false] =
			kinds.find(
				([version, each]) => version === apiVersion && each === kind,
			) ?? [];
		const { name, namespace = "monitoring" } = metadata;
		return `${rootOf(apiVersion)}${isNamespaced ? `/namespaces/${namespace}` : ""}/${plural}/${name}`;
	};
	const byPath = new Map<string, Manifest>(
		objects.map((each) => [pathOf(each), each]),
	);
	const answerTo = (path: string): unknown => {
		const found = byPath.get(path);
		if (found) return found;
		if (path.endsWith("/log")) return log;
		if (path === "/apis")
			return {
				groups: [...new Set(kinds.map(([version]) => version))]
					.filter((version) => version.includes("/"))
					.map((groupVersion) => ({
						name: groupVersion.split("/")[0],
						versions: [{ groupVersion }],
						preferredVersion: { groupVersion },
					})),
			};
		const served = kinds.filter(([version]) => rootOf(version) === path);
		if (served.length > 0)
			return {
				resources: served.map(([, kind, name, namespaced]) => ({
					...{ kind, name, namespaced },
					verbs: ["list"],
				})),
			};
		if (kinds.some(([, , plural]) => path.endsWith(`/${plural}`)))
			return {
				metadata: {},
				items: [...byPath]
					.filter(([each]) => each.startsWith(`${path}/`))
					.map(([, each]) => each),
			};
		return undefined;
	};
	const kubeconfig = await playApiServer(async (request, answer) => {
		const { pathname } = new URL(request.url ?? "", "http://localhost");
		let body = "";
		for await (const part of request) body += String(part);
		if (request.method !== "GET") changes.push(`${pathname} ${body}`);
		if (request.headers["content-type"]?.includes("apply-patch"))
			for (const each of parseManifests(body)) byPath.set(pathname, each);
		const found = answerTo(pathname);
		answer
			.writeHead(found === undefined ? 404 : 200)
			.end(typeof found === "string" ? found : JSON.stringify(found ?? {}));
	});
	const kube = KubeClient.fromKubeconfig(kubeconfig);
	onTestFinished(() => kube.close());
	return { kube, changes };
}

function rootOf(apiVersion: string): string {
	return apiVersion.includes("/")
		? `/apis/${apiVersion}`
		: `/api/${apiVersion}`;
}
