import { z } from "zod";
import { connectDocker, execInContainer } from "../harness/docker.ts";
import type { Environment } from "../harness/environment.ts";
import { labels } from "../harness/labels.ts";
import { objectStoreName, objectStorePort } from "../harness/object-store.ts";
import { runOneShot } from "../harness/one-shot.ts";
import { networkOf, owner } from "../harness/run.ts";
import { packTar } from "../harness/tar.ts";

/** A way in which the object store fails the sidecar, until it is ended. */
export interface Outage {
	readonly name: string;
	/** @returns what ends it; ending it twice is no error */
	begin(): Promise<() => Promise<void>>;
}

/**
 * Connections from pods on Prometheus' node to the object store are refused, and those that are open are reset. The
 * object store's own side does it: a reset that the node answers for it does not always reach a pod on a connection that
 * is open, and the sidecar then waits two minutes for each.
 */
export function makeUnreachable({
	runId,
	clusterId,
	nodes,
}: Pick<Environment, "runId" | "clusterId" | "nodes">): Outage {
	return {
		name: "it refuses connections",
		begin: async () => {
			const docker = await connectDocker();
			const { Image: image, NetworkSettings: settings } = await docker
				.getContainer(nodes.large)
				.inspect();
			const source = settings.Networks[networkOf(clusterId)]?.IPAddress;
			if (!source) throw new Error(`${nodes.large} has no address`);
			const rule = `INPUT -p tcp -s ${source} --dport ${objectStorePort} -j REJECT --reject-with tcp-reset`;
			const change = (verb: string) =>
				runOneShot(docker, {
					image,
					tool: "iptables",
					args: [verb, ...rule.split(" ")],
					labels: { [labels.run]: runId, [labels.owner]: owner },
					network: `container:${objectStoreName(clusterId)}`,
					privileged: true,
				});
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
			const container = docker.getContainer(objectStoreName(clusterId));
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

/** What has failed is tried again when it is asked for again. */
function onlyOnce(action: () => Promise<unknown>): () => Promise<void> {
	let done = false;
	return async () => {
		if (done) return;
		await action();
		done = true;
	};
}
