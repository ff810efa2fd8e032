import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeEach, expect, inject, test, vi } from "vitest";
import { projectPath } from "../../common/paths.ts";
import { Progress } from "../../common/progress.ts";
import { makeTestCertificates } from "../docker/certificates.ts";
import { connectDocker } from "../docker/connection.ts";
import { openImageSource } from "../images/choose-source.ts";
import { beginRun } from "../run/run.ts";
import { fetchChart } from "./fetch.ts";

// The folder for temporary files is removed by own-folders.ts. Without a version, nothing comes from the cache.
const dir = mkdtempSync(join(tmpdir(), "chart-"));
const docker = await connectDocker();
const progress = new Progress();
const source = await openImageSource(docker, inject("imageSource"), progress);
const helm = (await source.provideComponents(["helm"], progress)).get("helm");
const run = await beginRun();
const fetcher = { docker, run, helmImage: helm?.local ?? "" };

const chart = join(dir, "kube-prometheus-stack-1.2.3.tgz");
await execa("tar", [
	...["-czf", chart, "-C", projectPath("stack/charts")],
	"kube-prometheus-stack",
]);
const chartBytes = readFileSync(chart);

const servers: Server[] = [];
afterAll(async () => {
	for (const server of servers) server.close();
	await run.end();
});

beforeEach(() => {
	vi.unstubAllEnvs();
	vi.stubEnv("DOCKER_CONFIG", dir);
	writeFileSync(join(dir, "config.json"), "{}");
});

async function listen(server: Server, host: string): Promise<string> {
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, host, resolve));
	return `${host}:${(server.address() as AddressInfo).port}`;
}

const index = `apiVersion: v1
entries:
  kube-prometheus-stack:
    - { name: kube-prometheus-stack, version: 1.2.3, apiVersion: v2, urls: [chart.tgz] }
`;

test("behind a proxy that is the only way out, Helm goes through it", async () => {
	const asked: string[] = [];
	const proxy = createServer((request, response) => {
		asked.push(request.url ?? "");
		response.end(request.url?.endsWith("index.yaml") ? index : chartBytes);
	});
	const address = await listen(proxy, "127.0.0.1");
	const published = { ref: "http://charts.invalid", version: undefined };
	vi.stubEnv("HTTP_PROXY", undefined);
	vi.stubEnv("http_proxy", undefined);
	await expect(fetchChart(fetcher, published)).rejects.toThrow(
		"the chart http://charts.invalid could not be fetched: ",
	);
	vi.stubEnv("HTTP_PROXY", `http://${address}`);
	const file = await fetchChart(fetcher, published);
	expect(readFileSync(file)).toEqual(chartBytes);
	expect(asked).toContain("http://charts.invalid/index.yaml");
});

test("the login in a chart repository's URL is used, and is not in Helm's arguments", async () => {
	const password = "pa/ss:word";
	const expected = Buffer.from(`me:${password}`).toString("base64");
	const server = createServer((request, response) => {
		if (request.headers.authorization !== `Basic ${expected}`)
			response.writeHead(401).end();
		else response.end(request.url?.endsWith("index.yaml") ? index : chartBytes);
	});
	const host = await listen(server, "127.0.0.1");
	const commands: string[] = [];
	const { createContainer } = docker;
	const spy = vi
		.spyOn(docker, "createContainer")
		.mockImplementation((options) => {
			commands.push(JSON.stringify(options.Cmd));
			return createContainer.call(docker, options);
		});
	const encoded = encodeURIComponent(password);
	const ref = `http://me:${encoded}@${host}`;
	const file = await fetchChart(fetcher, { ref, version: "1.2.3" });
	expect(readFileSync(file)).toEqual(chartBytes);
	expect(commands).toHaveLength(2);
	expect(commands.join("\n")).not.toMatch(/pa.*ss.*word/);
	const refused = { ref: `http://me:wrong@${host}`, version: "1.2.3" };
	await expect(fetchChart(fetcher, refused)).rejects.toThrow(/401/);
	spy.mockRestore();
});

const digestOf = (content: Uint8Array) =>
	`sha256:${createHash("sha256").update(content).digest("hex")}`;
const config = Buffer.from(
	'{"name":"kube-prometheus-stack","version":"1.2.3"}',
);
const descriptor = (mediaType: string, content: Uint8Array) => ({
	mediaType,
	digest: digestOf(content),
	size: content.length,
});
const manifestType = "application/vnd.oci.image.manifest.v1+json";
const manifest = Buffer.from(
	JSON.stringify({
		schemaVersion: 2,
		mediaType: manifestType,
		config: descriptor("application/vnd.cncf.helm.config.v1+json", config),
		layers: [
			descriptor(
				"application/vnd.cncf.helm.chart.content.v1.tar+gzip",
				chartBytes,
			),
		],
	}),
);
const login = Buffer.from("me:password").toString("base64");

/** Plays an OCI registry that wants a login. */
const registry: RequestListener = (request, response) => {
	if (request.headers.authorization !== `Basic ${login}`) {
		response.writeHead(401, { "WWW-Authenticate": 'Basic realm="test"' }).end();
		return;
	}
	const name = request.url?.split("/").at(-1) ?? "";
	const blob = [config, chartBytes].find((each) => digestOf(each) === name);
	if (name === "list") {
		response.end('{"name":"kube-prometheus-stack","tags":["1.2.3"]}');
		return;
	}
	const isManifest = request.url?.includes("/manifests/");
	const content = isManifest ? manifest : (blob ?? Buffer.from("{}"));
	response
		.writeHead(200, {
			"Content-Type": isManifest ? manifestType : "application/octet-stream",
			"Content-Length": content.length,
			"Docker-Content-Digest": digestOf(content),
		})
		.end(request.method === "HEAD" ? undefined : content);
};

// A chart on loopback is fetched without TLS.
const address = Object.values(networkInterfaces())
	.flatMap((each) => each ?? [])
	.find(({ internal, family }) => !internal && family === "IPv4")?.address;

test.skipIf(!address)(
	"an OCI registry with a private authority and a login is used with both",
	async () => {
		const files = await makeTestCertificates(dir, address);
		const server = createTlsServer(
			{ cert: readFileSync(files.cert), key: readFileSync(files.key) },
			registry,
		);
		const host = await listen(server, address ?? "");
		const published = {
			ref: `oci://${host}/kube-prometheus-stack`,
			version: undefined,
		};
		await expect(fetchChart(fetcher, published)).rejects.toThrow(/x509/);
		vi.stubEnv("NODE_EXTRA_CA_CERTS", files.ca);
		await expect(fetchChart(fetcher, published)).rejects.toThrow(
			/401|unauthorized|basic credential not found/i,
		);
		const auths = { [host]: { auth: login } };
		writeFileSync(join(dir, "config.json"), JSON.stringify({ auths }));
		const file = await fetchChart(fetcher, published);
		expect(readFileSync(file)).toEqual(chartBytes);
	},
);
