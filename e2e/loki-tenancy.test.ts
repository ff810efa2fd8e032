import { randomUUID } from "node:crypto";
import { describe } from "vitest";
import { KubeError } from "./clients/api-server/kube-error.ts";
import { BucketClient } from "./clients/bucket.ts";
import { homelabTenant, LokiClient } from "./clients/loki.ts";
import { budgets } from "./common/budgets.ts";
import { clusterNow } from "./common/clock/cluster-clock.ts";
import { eventually, notYet } from "./common/eventually.ts";
import { lokiBucket } from "./harness/cluster/object-store.ts";
import { readChunk } from "./logs/chunks.ts";
import { test } from "./logs/fixtures.ts";
import { selectorOf } from "./logs/selector.ts";

/** About what a chatty application writes while it starts: small limits of streams and lines are noticed. */
const burst = { lines: 1000, bytes: 200 } as const;

/** A stack trace with all its causes, as one line: 16 KiB. */
const longest = 16 * 1024;

/** What collectors put on each stream of a pod, beside its application. Loki takes 15 labels by default. */
const usual = {
	cluster: "homelab",
	namespace: "media",
	pod: "jellyfin-7d9c5b6f4-x2x8p",
	container: "jellyfin",
	node_name: "small",
	job: "media/jellyfin",
	component: "server",
	stream: "stderr",
} as const;

/** As many as a homelab has, each with a stream of its own. */
const podCount = 100;

const hour = 3_600_000;
/** A collector that was restarted, or a node that was away, sends older lines after newer ones. */
const behind = hour / 6;
/** What a dashboard shows by default. */
const shown = 6 * hour;
/** Older than small limits of a query allow; of what is older than three hours Loki asks the object store alone. */
const ago = 2.5 * hour;

describe("Loki keeps the homelab's logs under its own tenant only, and in MinIO", {
	tags: [
		"ignores-grafana",
		"ignores-node-exporter",
		"ignores-prometheus",
		"ignores-secrets",
		"needs-loki",
	],
}, () => {
	test.concurrent("a line is found only under its own tenant", async ({
		loki,
		kube,
		stream,
		expect,
	}) => {
		const selector = selectorOf(stream);
		const [line, canary] = [randomUUID(), randomUUID()];
		const other = LokiClient.inCluster(kube, stream.e2e_run);
		await loki.push(stream, [line]);
		// Into a stream with the same labels: since this line is found, the first one would be, too.
		await other.push(stream, [canary]);
		for (const [tenant, expected] of [
			[loki, line],
			[other, canary],
		] as const) {
			const { lines } = await eventually(
				`a line of ${selector} is found`,
				budgets.request,
				async () => {
					const found = await tenant.query(selector);
					return found.lines.includes(expected)
						? found
						: notYet(`found: ${found.lines.join(", ")}`);
				},
			);
			expect(lines).toEqual([expected]);
		}
	});

	test.concurrent("without a tenant Loki accepts no lines and answers no queries", async ({
		loki,
		kube,
		stream,
		expect,
	}) => {
		const selector = selectorOf(stream);
		const [line, unaccepted] = [randomUUID(), randomUUID()];
		const anonymous = LokiClient.inCluster(kube);
		await loki.push(stream, [line]);
		const refused = expect.objectContaining({
			status: 401,
			// The API server, which proxies the request, would word it differently.
			body: expect.stringContaining("no org id"),
		});
		expect(await refusalOf(anonymous.push(stream, [unaccepted]))).toEqual(
			refused,
		);
		expect(await refusalOf(anonymous.query(selector))).toEqual(refused);
		expect((await loki.query(selector)).lines).toEqual([line]);
	});

	test.concurrent("what an application logs in a burst is accepted, and all of it is found", async ({
		loki,
		stream,
		expect,
	}) => {
		const lines = Array.from({ length: burst.lines }, (_, i) =>
			`line ${i} of ${burst.lines} `.padEnd(
				i === 0 ? longest : burst.bytes,
				".",
			),
		);
		await loki.push({ ...stream, ...usual }, lines);
		const found = await eventually(
			`Loki has ${burst.lines} lines of ${selectorOf(stream)}`,
			budgets.request,
			async () => {
				const { lines: so } = await loki.query(selectorOf(stream));
				return so.length === burst.lines ? so : notYet(`it has ${so.length}`);
			},
		);
		expect(found).toEqual(lines);
	});

	test.concurrent("the logs of a hundred pods are accepted, and a graph shows each", async ({
		loki,
		stream,
	}) => {
		const pods = Array.from({ length: podCount }, (_, i) => `pod-${i}`);
		await loki.pushEach(
			pods.map((pod) => ({ ...stream, pod })),
			["started"],
		);
		const graph = `sum by (pod) (count_over_time(${selectorOf(stream)}[1h]))`;
		await eventually(
			`${graph} has a series of each of ${podCount} pods`,
			budgets.request,
			async () => {
				const count = await loki.countSeries(graph);
				if (count !== podCount) return notYet(`it has ${count}`);
			},
		);
	});

	test.concurrent("a line that comes late is accepted", async ({
		loki,
		stream,
	}) => {
		const selector = selectorOf(stream);
		const [late, line] = [randomUUID(), randomUUID()];
		await loki.push(stream, [line]);
		await loki.push(stream, [late], clusterNow() - behind);
		await eventually(
			`${selector} has both lines`,
			budgets.request,
			async () => {
				const { lines } = await loki.query(selector);
				if (lines.join() !== [late, line].join())
					return notYet(`it has ${lines.join() || "none"}`);
			},
		);
	});

	test.concurrent("the six hours of a dashboard are answered", async ({
		loki,
		stream,
	}) => {
		const selector = selectorOf(stream);
		const line = randomUUID();
		await loki.push(stream, [line], clusterNow() - ago);
		await eventually(
			`a query of the last 6 h finds a line of ${selector} that is 2.5 h old`,
			budgets.request,
			async () => {
				const { lines } = await loki.query(selector, shown);
				if (!lines.includes(line)) return notYet(`it finds ${lines.length}`);
			},
		);
	});

	test.concurrent("a flushed chunk is in the bucket with its lines, and Loki answers from it", async ({
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
			`an object ${prefix}* of bucket ${lokiBucket} contains the line`,
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
				const found = chunks.filter(({ text }) => text.includes(line));
				return found.length > 0 ? found : notYet("no new object does");
			},
		);
		await eventually(
			"Loki answers with the line from a stored chunk",
			budgets.lokiFlush,
			async () => {
				const { lines, storedChunks } = await loki.query(selector);
				if (!lines.includes(line) || storedChunks === 0)
					return notYet(
						`${lines.length} lines, from ${storedChunks} stored chunks`,
					);
			},
		);
		await annotate(`the chunk with one line has ${chunk?.size} bytes`);
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
	throw new Error("a request without a tenant was answered");
}
