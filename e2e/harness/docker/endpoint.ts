import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { SetUpError } from "../../common/errors.ts";
import { rememberLogins } from "../../common/secrecy/in-urls.ts";
import { withoutLogin } from "../../common/secrecy/without-login.ts";
import { dockerConfigDir, readDockerConfig } from "./docker-config.ts";

/** Where a Docker engine answers. */
export interface Endpoint {
	/** unix:///<path>, tcp://<host>:<port> or ssh://[<user>@]<host>[:<port>][<path of the socket>] */
	readonly url: string;
	/** What names it, e.g. `DOCKER_HOST`; undefined if nothing does, and it is a usual socket. */
	readonly namedBy: string | undefined;
	/** The folder with ca.pem, cert.pem and key.pem; undefined without TLS. */
	readonly tlsDir: string | undefined;
}

const usualSocket = "/var/run/docker.sock";

/**
 * Finds the engine that this person uses, as the docker command does: DOCKER_HOST, DOCKER_CONTEXT, the current context.
 * Only if none of them names one, testcontainers' own configuration and the usual sockets are looked at.
 *
 * @throws SetUpError if one is named that cannot be reached from here
 */
export async function findEndpoint(): Promise<Endpoint> {
	const { DOCKER_HOST, DOCKER_CONTEXT, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH } =
		process.env;
	if (DOCKER_HOST) {
		const tlsDir = DOCKER_TLS_VERIFY
			? DOCKER_CERT_PATH || dockerConfigDir()
			: undefined;
		return makeEndpoint(DOCKER_HOST, "DOCKER_HOST", tlsDir);
	}
	const context = DOCKER_CONTEXT || (await readDockerConfig()).currentContext;
	if (context && context !== "default")
		return readContext(
			context,
			DOCKER_CONTEXT
				? "DOCKER_CONTEXT"
				: join(dockerConfigDir(), "config.json"),
		);
	// As for docker: named by this variable, it is the system's engine, whatever else there is.
	if (DOCKER_CONTEXT)
		return makeEndpoint(`unix://${usualSocket}`, "DOCKER_CONTEXT", undefined);
	return (
		(await testcontainersEndpoint()) ??
		makeEndpoint(`unix://${findSocket()}`, undefined, undefined)
	);
}

const tlsFiles = ["ca.pem", "cert.pem", "key.pem"];
/** Ports of an engine without and with TLS, where its address has none. */
const usualPorts = { plain: "2375", tls: "2376" } as const;

/** What a URL's path has in another form: testcontainers takes that for the path of the socket. */
const notInUrls = /[^!-~]|["#<>?^`{}]/u;

/** @throws SetUpError for addresses that this project cannot use */
export function makeEndpoint(
	address: string,
	namedBy: string | undefined,
	tlsDir: string | undefined,
): Endpoint {
	const refuse = (why: string) =>
		new SetUpError(
			namedBy
				? `${namedBy} names the Docker engine ${address}: ${why}`
				: `the usual socket of the Docker engine is ${address}: ${why}`,
		);
	if (address.startsWith("/"))
		throw refuse(`a socket is written unix://${address}`);
	const text = address.includes("://") ? address : `tcp://${address}`;
	// Of no use to Docker, but some address has a password, and messages quote it.
	if (!text.startsWith("unix:")) rememberLogins([], [text]);
	if (!URL.canParse(text)) throw refuse("that is not an address");
	// In an address of HTTP, URL would leave out the port that is usual there.
	const url = new URL(text.replace(/^https?:/i, "tcp:"));
	const isHttps = /^https:/i.test(text);
	if (url.protocol === "unix:") {
		// What comes before the path would be a host.
		if (!text.startsWith("unix:///"))
			throw refuse(
				"the socket's path must be whole, as in unix:///var/run/docker.sock",
			);
		const foreign = notInUrls.exec(text.slice("unix://".length))?.[0];
		if (foreign)
			throw refuse(
				`testcontainers cannot use a path with "${foreign}": make a link to the socket whose path has only letters, digits and -_./ (ln -s), and set DOCKER_HOST=unix://<the link>`,
			);
		return { url: `unix://${url.pathname}`, namedBy, tlsDir: undefined };
	}
	if (url.protocol === "ssh:") {
		// ssh takes none, and processes of others would see it among the arguments.
		url.password = "";
		return { url: url.href, namedBy, tlsDir: undefined };
	}
	if (url.protocol !== "tcp:")
		throw refuse("it must begin with unix://, tcp:// or ssh://");
	if (!url.hostname) throw refuse("that is not an address");
	if (url.hostname.startsWith("["))
		throw refuse(
			"testcontainers cannot use an IPv6 address: name a host, such as localhost or one of /etc/hosts, or reach the engine by ssh://",
		);
	if (isHttps && !tlsDir)
		throw refuse(
			"for TLS, set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem",
		);
	const missing = tlsFiles.filter(
		(name) => tlsDir && !existsSync(join(tlsDir, name)),
	);
	if (missing.length > 0)
		throw refuse(
			`for TLS, ${tlsDir} must have ca.pem, cert.pem and key.pem, but it has no ${missing.join(" and no ")}`,
		);
	const port = url.port || usualPorts[tlsDir ? "tls" : "plain"];
	return { url: `tcp://${url.hostname}:${port}`, namedBy, tlsDir };
}

const contextMeta = z.object({
	Endpoints: z.object({
		docker: z.object({
			Host: z.string(),
			SkipTLSVerify: z.boolean().default(false),
		}),
	}),
});

/** Reads a context that `docker context create` has written. @param setBy what says that it is used */
async function readContext(name: string, setBy: string): Promise<Endpoint> {
	// https://github.com/docker/cli/blob/v28.5.2/cli/context/store/doc.go
	const id = createHash("sha256").update(name).digest("hex");
	const contexts = join(dockerConfigDir(), "contexts");
	const file = join(contexts, "meta", id, "meta.json");
	const text = await readFile(file, "utf8").catch(() => undefined);
	if (text === undefined)
		throw new SetUpError(
			`${setBy} names Docker's context ${name}, which does not exist in ${contexts}: docker context ls lists those that do`,
		);
	const { data } = contextMeta.safeParse(parseMeta(name, file, text));
	if (!data)
		throw new SetUpError(
			`Docker's context ${name}, which ${setBy} names, has no Docker engine`,
		);
	const { Host: address, SkipTLSVerify: unverified } = data.Endpoints.docker;
	const namedBy = `context ${name}`;
	if (unverified)
		throw new SetUpError(
			`${namedBy} names the Docker engine ${withoutLogin(address)} without verifying its certificate, which is not supported: make a context with its ca.pem`,
		);
	const tls = join(contexts, "tls", id, "docker");
	return makeEndpoint(address, namedBy, existsSync(tls) ? tls : undefined);
}

function parseMeta(name: string, file: string, text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new SetUpError(
			`Docker's context ${name} cannot be read: ${file} is not JSON. Make it again: docker context rm ${name}, docker context create ${name}`,
			{ cause },
		);
	}
}

/** The engine that ~/.testcontainers.properties names. */
async function testcontainersEndpoint(): Promise<Endpoint | undefined> {
	const properties = await readTestcontainersProperties();
	const [name, address] =
		["tc.host", "docker.host"]
			.map((key) => [key, properties.get(key)] as const)
			.find(([, value]) => value) ?? [];
	if (!name || !address) return undefined;
	const tlsDir =
		properties.get("docker.tls.verify") === "1"
			? properties.get("docker.cert.path")
			: undefined;
	return makeEndpoint(
		address,
		`${name} in ~/.testcontainers.properties`,
		tlsDir,
	);
}

async function readTestcontainersProperties(): Promise<Map<string, string>> {
	const file = join(homedir(), ".testcontainers.properties");
	const text = await readFile(file, "utf8").catch(() => "");
	return new Map(
		[...text.matchAll(/^\s*([\w.]+)\s*[=:]\s*(.*?)\s*$/gm)].map(
			([, key = "", value = ""]) => [key, value.replaceAll("\\:", ":")],
		),
	);
}

/** The first usual socket that exists: of the system's engine, of a rootless one, of Docker Desktop. */
function findSocket(): string {
	const home = join(homedir(), ".docker");
	const sockets = [
		usualSocket,
		...(process.env.XDG_RUNTIME_DIR
			? [join(process.env.XDG_RUNTIME_DIR, "docker.sock")]
			: []),
		join(home, "run", "docker.sock"),
		join(home, "desktop", "docker.sock"),
		`/run/user/${process.getuid?.()}/docker.sock`,
	];
	return sockets.find((socket) => existsSync(socket)) ?? usualSocket;
}
