import { z } from "zod";
import { kubeObject } from "../clients/kube-objects.ts";
import type { KubeClient } from "../clients/kubernetes.ts";
import { connectDocker, execInContainer } from "../harness/docker.ts";
import type { Environment } from "../harness/environment.ts";
import type { Nodes } from "../harness/nodes.ts";
import { packTar } from "../harness/tar.ts";

/** A way in which the object store fails the sidecar, until it is ended. */
export interface Outage {
	readonly name: string;
	/** @returns what ends it; ending it twice is no error */
	begin(): Promise<() => Promise<void>>;
}

const endpoints = kubeObject.extend({
	subsets: z.array(
		z.looseObject({
			addresses: z.array(z.looseObject({ ip: z.string() })),
			ports: z.array(z.looseObject({ port: z.number() })),
		}),
	),
});

/** Connections from pods on Prometheus' node to the object store are refused. */
export function makeUnreachable(kube: KubeClient, nodes: Nodes): Outage {
	return {
		name: "it refuses connections",
		begin: async () => {
			const { subsets } = await kube.get(
				{
					apiVersion: "v1",
					kind: "Endpoints",
					namespace: "minio",
					name: "minio",
				},
				endpoints,
			);
			const [{ addresses, ports } = { addresses: [], ports: [] }] = subsets;
			const rule = `FORWARD -p tcp -d ${addresses[0]?.ip} --dport ${ports[0]?.port} -j REJECT --reject-with tcp-reset`;
			const change = (verb: string) =>
				nodes.exec("large", ["iptables", verb, ...rule.split(" ")]);
			await change("-I");
			return onlyOnce(() => change("-D"));
		},
	};
}

/** The object store takes the chunks of a block and refuses its index, so that every upload ends half way. */
export function makeRefusedHalfWay({
	clusterId,
	objectStore: { bucket },
}: Pick<Environment, "clusterId" | "objectStore">): Outage {
	const policy = "no-index";
	return {
		name: "it breaks off in mid-upload",
		begin: async () => {
			const docker = await connectDocker();
			const container = docker.getContainer(`o11y-e2e-${clusterId}-minio`);
			const mc = async (...args: string[]) => {
				const command = ["mc", "--quiet", "--json", ...args];
				const { exitCode, stdout, stderr } = await execInContainer(
					docker,
					container,
					command,
				);
				if (exitCode !== 0)
					throw new Error(`mc ${args.join(" ")}: ${stdout}${stderr}`);
				return stdout.toString();
			};
			const user = z
				.object({ accessKey: z.string().startsWith("thanos-") })
				.parse(
					(await mc("admin", "user", "list", "own"))
						.split("\n")
						.filter(Boolean)
						.map((line): unknown => JSON.parse(line))
						.find((each) => JSON.stringify(each).includes('"thanos-')),
				).accessKey;
			const content = JSON.stringify({
				Version: "2012-10-17",
				Statement: [
					{
						Effect: "Deny",
						Action: ["s3:PutObject"],
						Resource: [`arn:aws:s3:::${bucket}/*/index`],
					},
				],
			});
			await container.putArchive(
				await packTar({ [`${policy}.json`]: content }),
				{ path: "/tmp" },
			);
			const file = `/tmp/${policy}.json`;
			await mc("admin", "policy", "create", "own", policy, file);
			await mc("admin", "policy", "attach", "own", policy, "--user", user);
			return onlyOnce(() =>
				mc("admin", "policy", "detach", "own", policy, "--user", user),
			);
		},
	};
}

function onlyOnce(action: () => Promise<unknown>): () => Promise<void> {
	let done: Promise<unknown> | undefined;
	return async () => {
		done ??= action();
		await done;
	};
}
