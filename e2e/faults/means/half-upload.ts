import { z } from "zod";
import type { BucketClient } from "../../clients/bucket.ts";
import { ulid, ulidPrefixOf } from "../../clients/ulid.ts";
import { budgets } from "../../common/budgets.ts";
import type { Environment } from "../../common/environment.ts";
import { eventually, notYet } from "../../common/eventually.ts";
import {
	type Fault,
	makeFault,
	type OngoingFault,
} from "../../common/fault.ts";
import { parseAs } from "../../common/parsing/parse-as.ts";
import { packTar } from "../../common/tar.ts";
import { objectStoreName } from "../../harness/cluster/object-store.ts";
import { reconnectDocker } from "../../harness/docker/connection.ts";
import { execInContainer } from "../../harness/docker/docker.ts";
import { makeRefusedConnections } from "./object-store.ts";

/** An outage that began in the middle of an upload. */
export interface HalfUpload extends OngoingFault {
	/** The ULID of the block that is half in the bucket. */
	readonly halfUploaded: string;
}

/**
 * The object store goes away while a block is half uploaded. To hold the block in that state, its index is refused
 * first, and so are meta.json, if the index is already being uploaded, and the deletion of what was uploaded before.
 *
 * @param since blocks that were made before are left out, in milliseconds
 */
export function makeOutageInMidUpload(
	environment: Pick<
		Environment,
		"runId" | "clusterId" | "nodes" | "objectStore"
	>,
	bucket: BucketClient,
	since: number,
): Fault<HalfUpload> {
	/** Refuses connections while a block is half uploaded, which it then stays. */
	const meetHalfUpload = async (): Promise<HalfUpload> => {
		const missed: string[] = [];
		while (missed.length < 2) {
			const halfUploaded = await eventually(
				"a block is half uploaded",
				budgets.blockUpload,
				async () =>
					(await listHalfUploaded(bucket, since))[0] ?? notYet("none is"),
			);
			const outage = await makeRefusedConnections(environment).begin();
			try {
				const found = await listHalfUploaded(bucket, since);
				if (found.includes(halfUploaded)) return { ...outage, halfUploaded };
			} catch (error) {
				await outage[Symbol.asyncDispose]();
				throw error;
			}
			// What was accepted before the refusal completed it, which can happen to one block.
			missed.push(halfUploaded);
			await outage.end();
		}
		throw new Error(
			`blocks ${missed.join(" and ")} were uploaded completely, although the object store refuses their last files`,
		);
	};
	return {
		name: "the object store goes away in the middle of an upload",
		begin: async () => {
			await using refusal = await makeRefusedEnds(environment).begin();
			const outage = await meetHalfUpload();
			try {
				await refusal.end();
			} catch (error) {
				await outage[Symbol.asyncDispose]();
				throw error;
			}
			return outage;
		},
	};
}

/**
 * ULIDs of blocks that are partly in the bucket, the oldest first.
 *
 * @param since blocks that were made before are left out, in milliseconds
 */
export async function listHalfUploaded(
	bucket: BucketClient,
	since = 0,
): Promise<string[]> {
	const objects = await bucket.list("", ulidPrefixOf(since));
	// Listed after the objects: a block that was completed in the meantime counts as complete.
	const complete = new Set(await bucket.blocks(since));
	const begun = objects.map(({ name }) => name.split("/")[0] ?? "");
	return [...new Set(begun)]
		.filter((each) => ulid.test(each) && !complete.has(each))
		.sort();
}

/** The object store refuses the files that complete a block. */
function makeRefusedEnds({
	clusterId,
	objectStore: { bucket },
}: Pick<Environment, "clusterId" | "objectStore">): Fault {
	const name = "the object store refuses the last files of blocks";
	const policy = "no-end";
	return {
		name,
		begin: async () => {
			const docker = await reconnectDocker();
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
			const readUser = async () =>
				findThanosUser(await mc("admin", "user", "list", "own"));
			const change = (verb: "attach" | "detach", user: string) =>
				mc("admin", "policy", verb, "own", policy, "--user", user);
			return makeFault(
				name,
				async () => {
					const files = { [`${policy}.json`]: makeNoEndPolicy(bucket) };
					await container.putArchive(await packTar(files), { path: "/tmp" });
					const file = `/tmp/${policy}.json`;
					await mc("admin", "policy", "create", "own", policy, file);
					await change("attach", (await readUser()).accessKey);
				},
				async () => {
					const { accessKey, policyName } = await readUser();
					if (policyName.split(",").includes(policy))
						await change("detach", accessKey);
				},
			).begin();
		},
	};
}

const thanosUser = z.object({
	accessKey: z.string().startsWith("thanos-"),
	/** Those that are attached to it, separated by commas. */
	policyName: z.string().default(""),
});

/** @param listing of `mc admin user list --json`, a line a user */
function findThanosUser(listing: string): z.infer<typeof thanosUser> {
	const users = listing
		.split("\n")
		.filter(Boolean)
		.map((line): unknown => JSON.parse(line));
	const found = users.find((each) => thanosUser.safeParse(each).success);
	return parseAs(thanosUser, found, "the object store's user for Thanos");
}

function makeNoEndPolicy(bucket: string): string {
	const objects = `arn:aws:s3:::${bucket}/*`;
	return JSON.stringify({
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
}
