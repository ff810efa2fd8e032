import { once } from "node:events";
import { createServer } from "node:http";
import { Client } from "minio";
import { afterEach, expect, onTestFinished, test } from "vitest";
import { setClusterClock } from "./cluster-clock.ts";
import { signByClusterClock } from "./sign-by-cluster-clock.ts";

const hour = 3_600_000;
const signer = {
	accessKey: "owner",
	secretKey: "long-enough",
	region: "us-east-1",
};

afterEach(() => setClusterClock(0));

/** The headers of a request that MinIO's client sends. */
async function sentHeaders(ownClock: boolean) {
	const server = createServer((request, response) => {
		seen.push(request.headers);
		response.end();
	});
	const seen: Record<string, unknown>[] = [];
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	onTestFinished(() => void server.close());
	const address = server.address();
	if (!address || typeof address === "string") throw new Error("no port");
	const client = new Client({
		endPoint: "127.0.0.1",
		port: address.port,
		useSSL: false,
		...signer,
		...(ownClock ? {} : { transport: signByClusterClock(signer) }),
	});
	await client.bucketExists("blocks");
	return seen[0] ?? {};
}

function timeOf({ "x-amz-date": date }: Record<string, unknown>): number {
	return Date.parse(
		String(date).replace(
			/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
			"$1-$2-$3T$4:$5:$6Z",
		),
	);
}

test("a request is signed by the cluster's clock", async () => {
	setClusterClock(-hour);
	const behind = Date.now() - timeOf(await sentHeaders(false));
	expect(behind).toBeGreaterThanOrEqual(hour);
	expect(behind).toBeLessThan(hour + 60_000);
});

test("as MinIO's client signs it itself", async () => {
	const own = await sentHeaders(true);
	const signed = await sentHeaders(false);
	expect(Object.keys(signed).sort()).toEqual(Object.keys(own).sort());
	expect(String(signed.authorization)).toMatch(
		/^AWS4-HMAC-SHA256 Credential=owner\/\d{8}\/us-east-1\/s3\/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=[0-9a-f]{64}$/,
	);
});
