import { randomUUID } from "node:crypto";
import { describe } from "vitest";
import { BucketClient } from "./clients/bucket.ts";
import { KubeError } from "./clients/kubernetes.ts";
import { homelabTenant, LokiClient } from "./clients/loki.ts";
import { budgets } from "./common/budgets.ts";
import { eventually } from "./common/eventually.ts";
import { lokiBucket } from "./harness/cluster/object-store.ts";
import { readChunk } from "./logs/chunks.ts";
import { test } from "./logs/fixtures.ts";
import { selectorOf } from "./logs/selector.ts";

describe("Loki keeps the homelab's logs under its tenant alone, and in MinIO", {
	tags: ["needs-loki"],
}, () => {
	test.concurrent("a line is found under its tenant, and only another tenant's own line under that one", async ({
		loki,
		kube,
		stream,
		expect,
	}) => {
		const selector = selectorOf(stream);
		const [line, canary] = [randomUUID(), randomUUID()];
		const other = LokiClient.inCluster(kube, stream.e2e_run);
		await loki.push(stream, [line]);
		// The same stream by the same way: that this one is found shows that the first would be, too.
		await other.push(stream, [canary]);
		for (const [tenant, expected] of [
			[loki, line],
			[other, canary],
		] as const) {
			const { lines } = await eventually(
				`a line of ${selector} is found`,
				budgets.request,
				() => tenant.query(selector),
				({ lines }) => lines.includes(expected) || `found: ${lines.join(", ")}`,
			);
			expect(lines).toEqual([expected]);
		}
	});

	test.concurrent("without a tenant's name nothing is taken and nothing is answered", async ({
		loki,
		kube,
		stream,
		expect,
	}) => {
		const selector = selectorOf(stream);
		const [line, unnamed] = [randomUUID(), randomUUID()];
		const nobody = LokiClient.inCluster(kube);
		await loki.push(stream, [line]);
		const refused = expect.objectContaining({
			status: 401,
			// The API server, which is between, has other words.
			body: expect.stringContaining("no org id"),
		});
		expect(await refusalOf(nobody.push(stream, [unnamed]))).toEqual(refused);
		expect(await refusalOf(nobody.query(selector))).toEqual(refused);
		expect((await loki.query(selector)).lines).toEqual([line]);
	});

	test.concurrent("a flushed chunk lies in the bucket with its lines, and Loki answers from it", async ({
		loki,
		environment,
		stream,
		annotate,
	}) => {
		const bucket = new BucketClient({
			...environment.objectStore,
			bucket: lokiBucket,
		});
		const selector = selectorOf(stream);
		const line = randomUUID();
		const prefix = `${homelabTenant}/`;
		const before = new Set((await bucket.list(prefix)).map(({ name }) => name));
		await loki.push(stream, [line]);
		await loki.flush();
		const [chunk] = await eventually(
			`an object ${prefix}* of bucket ${lokiBucket} holds the line`,
			budgets.lokiFlush,
			async () => {
				const all = await bucket.list(prefix);
				const added = all.filter(({ name }) => !before.has(name));
				const chunks = await Promise.all(
					added.map(async ({ name, size }) => ({
						size,
						text: readChunk(await bucket.get(name)),
					})),
				);
				return chunks.filter(({ text }) => text.includes(line));
			},
			({ length }) => length > 0 || "no new object does",
		);
		await eventually(
			"Loki answers with the line from a chunk that it has stored",
			budgets.lokiFlush,
			() => loki.query(selector),
			({ lines, storedChunks }) =>
				(lines.includes(line) && storedChunks > 0) ||
				`${lines.length} lines, of ${storedChunks} stored chunks`,
		);
		await annotate(`the chunk of one line has ${chunk?.size} bytes`);
	});
});

/** The error with which a request was refused. */
async function refusalOf(request: Promise<unknown>): Promise<KubeError> {
	try {
		await request;
	} catch (error) {
		if (error instanceof KubeError) return error;
		throw error;
	}
	throw new Error("a request without a tenant's name was answered");
}
