import { randomBytes } from "node:crypto";
import { Wait } from "testcontainers";
import { budgets } from "../../common/budgets.ts";
import type { ObjectStoreAccess } from "../../common/environment.ts";
import { SetUpError } from "../../common/errors.ts";
import { rememberSecret } from "../../common/secrecy/redact.ts";
import { connectDocker } from "../docker/connection.ts";
import { execInContainer } from "../docker/docker.ts";
import { RunContainer } from "../docker/run-container.ts";
import { startContainer } from "../docker/start-container.ts";
import { nameInRun, type Run } from "../run/run.ts";

/** MinIO's port on the cluster's network. */
export const objectStorePort = 9000;

/** Docker's name of a run's object store. */
export function objectStoreName(runId: string): string {
	return nameInRun(runId, "minio");
}

/** MinIO with a bucket and a user for Thanos and for Loki. */
export interface StartedObjectStore {
	/** How this process reaches it as the owner of all buckets; names Thanos' bucket. */
	readonly access: ObjectStoreAccess;
	/** Its address on the cluster's network. */
	readonly ip: string;
	readonly port: number;
	readonly thanosUser: ObjectStoreUser;
	readonly lokiUser: ObjectStoreUser;
}

/** A user with the fewest rights: it can list, read, write and delete in its bucket. */
export interface ObjectStoreUser {
	readonly accessKey: string;
	readonly secretKey: string;
}

/** The secrets that must not appear anywhere. */
export function objectStoreSecrets({
	access,
	thanosUser,
	lokiUser,
}: StartedObjectStore): string[] {
	return [access, thanosUser, lokiUser].map(({ secretKey }) => secretKey);
}

/** The name of Loki's bucket. */
export const lokiBucket = "loki";

/** Starts MinIO on the cluster's network, and creates the buckets and their users. */
export async function startObjectStore(
	run: Run,
	image: string,
	network: string,
): Promise<StartedObjectStore> {
	const bucket = "thanos";
	const root = makeUser("owner");
	const thanosUser = makeUser("thanos");
	const lokiUser = makeUser("loki");
	for (const { secretKey } of [root, thanosUser, lokiUser])
		rememberSecret(secretKey);
	const tenancies = [
		{ bucket, user: thanosUser },
		{ bucket: lokiBucket, user: lokiUser },
	].map((each) => ({ ...each, policy: `/tmp/${each.bucket}-policy.json` }));
	const prepared = new RunContainer(image, run.labels)
		.withName(objectStoreName(run.id))
		.withNetworkMode(network)
		.withEnvironment({
			MINIO_ROOT_USER: root.accessKey,
			MINIO_ROOT_PASSWORD: root.secretKey,
			MINIO_BROWSER: "off",
			// As in its public chart: its metrics need no credentials.
			MINIO_PROMETHEUS_AUTH_TYPE: "public",
			MC_HOST_own: `http://${root.accessKey}:${root.secretKey}@127.0.0.1:${objectStorePort}`,
			MC_CONFIG_DIR: "/tmp/mc",
		})
		.withExposedPorts(objectStorePort)
		.withCopyContentToContainer(
			tenancies.map(({ bucket, policy }) => ({
				content: makePolicy(bucket),
				target: policy,
			})),
		)
		.withCommand(["server", "/data"])
		.withWaitStrategy(
			Wait.forHttp("/minio/health/ready", objectStorePort).withStartupTimeout(
				budgets.containerStart,
			),
		);
	const container = await startContainer("MinIO", prepared);
	const docker = await connectDocker();
	/** @param input its standard input: arguments of processes are open to every user of the machine */
	const mc = async (args: readonly string[], input = "") => {
		const { exitCode, stdout, stderr } = await execInContainer(
			docker,
			docker.getContainer(container.getId()),
			["mc", "--quiet", ...args],
			Buffer.from(input),
		);
		if (exitCode !== 0)
			throw new SetUpError(
				`mc ${args[0]} ${args[1]} failed in the container of MinIO: ${`${stdout}${stderr}`.trim()}`,
			);
	};
	// Not in parallel with others: the first call writes mc's configuration.
	await mc(["mb", ...tenancies.map(({ bucket }) => `own/${bucket}`)]);
	await Promise.all(
		tenancies.map(async ({ bucket, policy, user }) => {
			await Promise.all([
				mc(["admin", "policy", "create", "own", bucket, policy]),
				mc(
					["admin", "user", "add", "own"],
					`${user.accessKey}\n${user.secretKey}\n`,
				),
			]);
			await mc([
				"admin",
				"policy",
				"attach",
				"own",
				bucket,
				"--user",
				user.accessKey,
			]);
		}),
	);
	const [networkName] = container.getNetworkNames();
	return {
		access: {
			host: container.getHost(),
			port: container.getMappedPort(objectStorePort),
			bucket,
			...root,
		},
		ip: container.getIpAddress(networkName ?? network),
		port: objectStorePort,
		thanosUser,
		lokiUser,
	};
}

function makeUser(name: string): ObjectStoreUser {
	return {
		accessKey: `${name}-${randomBytes(4).toString("hex")}`,
		secretKey: randomBytes(20).toString("hex"),
	};
}

/** The rights on a bucket that the documentation of Thanos and of Loki asks for. */
function makePolicy(bucket: string): string {
	return JSON.stringify({
		Version: "2012-10-17",
		Statement: [
			{
				Effect: "Allow",
				Action: ["s3:ListBucket", "s3:GetBucketLocation"],
				Resource: [`arn:aws:s3:::${bucket}`],
			},
			{
				Effect: "Allow",
				Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
				Resource: [`arn:aws:s3:::${bucket}/*`],
			},
		],
	});
}
