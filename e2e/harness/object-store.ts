import { randomBytes } from "node:crypto";
import { GenericContainer, Wait } from "testcontainers";
import type { ObjectStoreAccess } from "./environment.ts";
import { SetUpError } from "./errors.ts";
import type { Run } from "./run.ts";

const port = 9000;

/** MinIO with the bucket and the user that Thanos is given. */
export interface StartedObjectStore {
	/** The owner's access, from this process. */
	readonly access: ObjectStoreAccess;
	/** Address on the cluster's network. */
	readonly ip: string;
	readonly port: number;
	/** The least-privilege user: it may list, read, write and delete in the bucket, and nothing else. */
	readonly thanosUser: {
		readonly accessKey: string;
		readonly secretKey: string;
	};
}

/** Starts MinIO on the cluster's network, makes the bucket and Thanos' user. */
export async function startObjectStore(
	run: Run,
	image: string,
	network: string,
): Promise<StartedObjectStore> {
	const bucket = "thanos";
	const root = makeUser("owner");
	const thanosUser = makeUser("thanos");
	const container = await new GenericContainer(image)
		.withName(`o11y-e2e-${run.id}-minio`)
		.withNetworkMode(network)
		.withLabels({ ...run.labels })
		.withEnvironment({
			MINIO_ROOT_USER: root.accessKey,
			MINIO_ROOT_PASSWORD: root.secretKey,
			MINIO_BROWSER: "off",
			MC_HOST_own: `http://${root.accessKey}:${root.secretKey}@127.0.0.1:${port}`,
			MC_CONFIG_DIR: "/tmp/mc",
		})
		.withExposedPorts(port)
		.withCopyContentToContainer([
			{ content: makePolicy(bucket), target: "/tmp/thanos-policy.json" },
		])
		.withCommand(["server", "/data"])
		.withWaitStrategy(
			Wait.forHttp("/minio/health/ready", port).withStartupTimeout(60_000),
		)
		.start();
	const mc = async (...args: string[]) => {
		const { exitCode, output } = await container.exec([
			"mc",
			"--quiet",
			...args,
		]);
		if (exitCode !== 0)
			throw new SetUpError(
				`MinIO: mc ${args[0]} ${args[1]} failed: ${output.trim()}`,
			);
	};
	await mc("mb", `own/${bucket}`);
	await mc(
		"admin",
		"policy",
		"create",
		"own",
		"thanos",
		"/tmp/thanos-policy.json",
	);
	await mc(
		"admin",
		"user",
		"add",
		"own",
		thanosUser.accessKey,
		thanosUser.secretKey,
	);
	await mc(
		"admin",
		"policy",
		"attach",
		"own",
		"thanos",
		"--user",
		thanosUser.accessKey,
	);
	const [networkName] = container.getNetworkNames();
	return {
		access: {
			host: container.getHost(),
			port: container.getMappedPort(port),
			bucket,
			...root,
		},
		ip: container.getIpAddress(networkName ?? network),
		port,
		thanosUser,
	};
}

function makeUser(name: string) {
	return {
		accessKey: `${name}-${randomBytes(4).toString("hex")}`,
		secretKey: randomBytes(20).toString("hex"),
	};
}

/** What Thanos' documentation asks for of a bucket's user. */
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
