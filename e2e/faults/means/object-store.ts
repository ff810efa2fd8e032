import { z } from "zod";
import { ulid, ulidPrefixOf } from "../../clients/block-meta.ts";
import type { BucketClient } from "../../clients/bucket.ts";
import { budgets } from "../../common/budgets.ts";
import type { Environment } from "../../common/environment.ts";
import { eventually } from "../../common/eventually.ts";
import { labels } from "../../common/labels.ts";
import { packTar } from "../../common/tar.ts";
import {
	objectStoreName,
	objectStorePort,
} from "../../harness/cluster/object-store.ts";
import { connectDocker, execInContainer } from "../../harness/docker/docker.ts";
import { runOneShot } from "../../harness/docker/one-shot.ts";
import { networkOf, owner } from "../../harness/run/run.ts";
import { onlyOnce } from "./only-once.ts";

/** A way in which the object store fails the sidecar, until it is ended. */
export interface Outage {
	readonly name: string;
	begin(): Promise<BegunOutage>;
}

export interface BegunOutage {
	/** Ends it; ending it twice is no error. */
	readonly end: () => Promise<void>;
	/** The ULID of the block that was half way up when it began, where it waited for one. */
	readonly halfUp?: string;
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
			return { end: onlyOnce(() => change("-D")) };
		},
	};
}

/**
 * The object store goes away while a block is half way up. So that it is met there, its index is refused first, and so
 * are meta.json, should the index be under way already, and the removal of what was uploaded before.
 *
 * @param since no block that was made before is waited for, in milliseconds
 */
export function makeAwayInMidUpload(
	environment: Pick<
		Environment,
		"runId" | "clusterId" | "nodes" | "objectStore"
	>,
	bucket: BucketClient,
	since: number,
): Outage {
	const { clusterId, objectStore } = environment;
	/** Makes it unreachable while a block is half way up, which it then stays. */
	const meetHalfWay = async () => {
		const met: string[] = [];
		while (met.length < 2) {
			const [halfUp = ""] = await eventually(
				"a block is half way up",
				budgets.blockUpload,
				() => listHalfUploaded(bucket, since),
				({ length }) => length > 0 || "none is",
			);
			const { end } = await makeUnreachable(environment).begin();
			const half = await listHalfUploaded(bucket, since);
			if (half.includes(halfUp)) return { end, halfUp };
			// What was accepted before the refusal has made it whole, which can happen to one block.
			met.push(halfUp);
			await end();
		}
		throw new Error(
			`blocks ${met.join(" and ")} went up whole, although the object store refuses their ends`,
		);
	};
	return {
		name: "it goes away in mid-upload",
		begin: async () => {
			const allow = await refuseEnds(clusterId, objectStore.bucket);
			try {
				const { end, halfUp } = await meetHalfWay();
				try {
					await allow();
				} catch (error) {
					await end();
					throw error;
				}
				return { end, halfUp };
			} catch (error) {
				// What went wrong first is told, whatever becomes of this.
				await allow().catch(() => undefined);
				throw error;
			}
		},
	};
}

/** ULIDs of blocks of which something is in the bucket, but not all, the oldest first. @param since leaves out those made before */
export async function listHalfUploaded(
	bucket: BucketClient,
	since = 0,
): Promise<string[]> {
	const objects = await bucket.list("", ulidPrefixOf(since));
	// Listed after the objects, so that a block that was completed meanwhile is whole.
	const whole = new Set(await bucket.blocks(since));
	const begun = objects.map(({ name }) => name.split("/")[0] ?? "");
	return [...new Set(begun)]
		.filter((each) => ulid.test(each) && !whole.has(each))
		.sort();
}

/** Refuses what makes a block whole. @returns what takes it back */
async function refuseEnds(
	clusterId: string,
	bucket: string,
): Promise<() => Promise<void>> {
	const policy = "no-end";
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
	const user = z.object({ accessKey: z.string().startsWith("thanos-") }).parse(
		(await mc("admin", "user", "list", "own"))
			.split("\n")
			.filter(Boolean)
			.map((line): unknown => JSON.parse(line))
			.find((each) => JSON.stringify(each).includes('"thanos-')),
	).accessKey;
	const objects = `arn:aws:s3:::${bucket}/*`;
	const content = JSON.stringify({
		Version: "2012-10-17",
		Statement: [
			{
				Effect: "Deny",
				Action: ["s3:PutObject"],
				Resource: [`${objects}/index`, `${objects}/meta.json`],
			},
			{ Effect: "Deny", Action: ["s3:DeleteObject"], Resource: [objects] },
		],
	});
	await container.putArchive(await packTar({ [`${policy}.json`]: content }), {
		path: "/tmp",
	});
	await mc("admin", "policy", "create", "own", policy, `/tmp/${policy}.json`);
	await mc("admin", "policy", "attach", "own", policy, "--user", user);
	return onlyOnce(() =>
		mc("admin", "policy", "detach", "own", policy, "--user", user),
	);
}
