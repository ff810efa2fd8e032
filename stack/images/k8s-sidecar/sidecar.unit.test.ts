import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { filesOf } from "./files.ts";
import { readSettings } from "./settings.ts";
import { Sidecar } from "./sidecar.ts";

/** Waits for what a busy machine may take a while to do. */
const soon = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000 });

const env = { LABEL: "grafana_dashboard", LABEL_VALUE: "1", FOLDER: "/d" };

describe("the environment", () => {
	test("says what is looked for, and where", () => {
		expect(readSettings(env, "own")).toMatchObject({
			labelSelector: "grafana_dashboard=1",
			kinds: ["configmap"],
			namespaces: ["own"],
			method: "WATCH",
			reload: undefined,
		});
	});

	test.each([
		[{ NAMESPACE: "ALL" }, { namespaces: [undefined] }],
		[{ NAMESPACE: "a,b" }, { namespaces: ["a", "b"] }],
		[{ LABEL_VALUE: "" }, { labelSelector: "grafana_dashboard" }],
		[{ RESOURCE: "both" }, { kinds: ["secret", "configmap"] }],
		[{ METHOD: "LIST" }, { method: "LIST" }],
	])("%o", (more, settings) => {
		expect(readSettings({ ...env, ...more }, "own")).toMatchObject(settings);
	});

	test.each([
		[{ LABEL: "" }, "LABEL is not set"],
		[{ RESOURCE: "pods" }, "RESOURCE is pods"],
		[{ SCRIPT: "/x.sh" }, "SCRIPT"],
	])("%o is refused", (more, problem) => {
		expect(() => readSettings({ ...env, ...more }, "own")).toThrow(problem);
	});
});

test("files are named by key, annotation and, if asked, by object", () => {
	const metadata = {
		name: "n",
		namespace: "ns",
		resourceVersion: "1",
		annotations: { "k8s-sidecar-target-directory": "sub" },
	};
	const read = (kind: "configmap" | "secret", more: object) =>
		Object.fromEntries(
			[
				...filesOf(
					kind,
					{ metadata, data: { a: "YWI=" }, binaryData: { b: "Y2Q=" } },
					readSettings({ ...env, ...more }, "own"),
				),
			].map(([path, content]) => [path, content.toString()]),
		);
	expect(read("configmap", {})).toEqual({
		"/d/sub/a": "YWI=",
		"/d/sub/b": "cd",
	});
	expect(read("secret", { UNIQUE_FILENAMES: "true" })).toEqual({
		"/d/sub/namespace_ns.secret_n.a": "ab",
		"/d/sub/namespace_ns.secret_n.b": "cd",
	});
});

test("the folder follows what is there, changes, and goes, with a reload for each", async () => {
	const folder = await mkdtemp(join(tmpdir(), "sidecar-"));
	const stop = new AbortController();
	const watches: ServerResponse[] = [];
	const asked: string[] = [];
	const reloads: (string | undefined)[] = [];
	const make = (name: string, data: Record<string, string>, version = "1") => ({
		metadata: { name, namespace: "ns", resourceVersion: version },
		data,
	});
	const server = createServer((request, response) => {
		const url = new URL(request.url ?? "", "http://api");
		if (url.pathname === "/reload") {
			reloads.push(request.headers.authorization);
			response.end("{}");
			return;
		}
		asked.push(url.search);
		if (url.searchParams.has("watch")) {
			response.writeHead(200);
			response.flushHeaders();
			watches.push(response);
			return;
		}
		const items = [make("one", { "one.json": "{}" })];
		response.end(JSON.stringify({ metadata: { resourceVersion: "1" }, items }));
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	if (typeof address !== "object" || !address) throw new Error("no port");
	const origin = `http://127.0.0.1:${address.port}`;
	const settings = readSettings(
		{
			...env,
			FOLDER: folder,
			NAMESPACE: "ALL",
			REQ_URL: `${origin}/reload`,
			REQ_METHOD: "POST",
			REQ_USERNAME: "u",
			REQ_PASSWORD: "p",
		},
		"own",
	);
	const said: string[] = [];
	const running = new Sidecar(settings, { origin, token: () => "t" }, (line) =>
		said.push(line),
	).run(stop.signal);
	onTestFinished(async () => {
		stop.abort();
		await running;
		server.closeAllConnections();
		server.close();
		await rm(folder, { recursive: true });
	});
	const send = (type: string, object: object) =>
		watches.at(-1)?.write(`${JSON.stringify({ type, object })}\n`);

	await soon(() => expect(watches).toHaveLength(1));
	expect(await readdir(folder)).toEqual(["one.json"]);
	expect(asked[0]).toContain("labelSelector=grafana_dashboard%3D1");
	await soon(() =>
		expect(reloads).toEqual([`Basic ${Buffer.from("u:p").toString("base64")}`]),
	);

	send("ADDED", make("two", { "two.json": "2", "old.json": "" }, "2"));
	await soon(async () =>
		expect((await readdir(folder)).sort()).toEqual([
			"old.json",
			"one.json",
			"two.json",
		]),
	);
	send("MODIFIED", make("two", { "two.json": "3" }, "3"));
	await soon(async () => {
		expect((await readdir(folder)).sort()).toEqual(["one.json", "two.json"]);
		expect(await readFile(join(folder, "two.json"), "utf8")).toBe("3");
	});
	await soon(() => expect(reloads).toHaveLength(3));

	// A watch that ends goes on where it was.
	watches.at(-1)?.end();
	await soon(() => expect(watches).toHaveLength(2));
	expect(asked.at(-1)).toContain("resourceVersion=3");
	send("DELETED", make("two", { "two.json": "3" }, "4"));
	await soon(async () => expect(await readdir(folder)).toEqual(["one.json"]));

	// After an error everything is listed again, and what was deleted in the meantime is removed.
	send("ADDED", make("three", { "three.json": "" }, "5"));
	await soon(async () => expect(await readdir(folder)).toContain("three.json"));
	send("ERROR", {});
	await soon(async () => expect(await readdir(folder)).toEqual(["one.json"]));
	expect(said.join("\n")).toContain("configmap/ns/two: removed");
});
