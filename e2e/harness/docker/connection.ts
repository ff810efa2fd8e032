import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isIPv6 } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import Docker from "dockerode";
import { z } from "zod";
import { budgets } from "../../common/budgets.ts";
import {
	EnvironmentError,
	messageOf,
	SetUpError,
} from "../../common/errors.ts";
import { withoutBrackets } from "../../common/parsing/brackets.ts";
import { askEngine } from "./ask-engine.ts";
import { limitCalls } from "./call-limits.ts";
import { readDockerConfig } from "./docker-config.ts";
import { type Endpoint, findEndpoint } from "./endpoint.ts";
import { parseEngineInfo, processorOf } from "./engine-info.ts";
import { isContainer } from "./machine/own-container.ts";
import { startSshRelay } from "./ssh-relay.ts";
import { isThisMachine } from "./this-machine.ts";
import { spreadProxy } from "./way-out.ts";

/** No Docker engine answers where one should be. */
export class EngineUnreachableError extends SetUpError {
	readonly endpoint: Endpoint;
	/** Node's code, e.g. ENOENT if there is no socket. */
	readonly code: unknown;

	constructor(endpoint: Endpoint, cause: unknown) {
		super(explain(endpoint, cause), { cause });
		this.endpoint = endpoint;
		this.code = codeOf(cause);
	}
}

/** A connection to an engine that has answered. */
export interface Connection {
	readonly docker: Docker;
	/** Its answer to GET /info: it is asked once. */
	readonly rawInfo: unknown;
	/** This process' time before it was asked and after it had answered, in milliseconds. */
	readonly asked: { readonly before: number; readonly after: number };
}

let connected: Promise<Connection> | undefined;
let reconnected: Promise<Docker> | undefined;

/**
 * Connects to the engine that this person uses, and to no other. Calls have limits, see call-limits.ts. Processes that
 * this one starts use the same engine.
 *
 * @throws EngineUnreachableError if it does not answer in time
 */
export function connect(): Promise<Connection> {
	connected ??= findAndConnect(budgets.engineAnswer);
	connected.catch(() => {
		connected = undefined;
	});
	return connected;
}

/** The client of the engine, as above. */
export async function connectDocker(): Promise<Docker> {
	return (await connect()).docker;
}

/**
 * The client of the engine that this run already uses, for another process: the engine may be busy with the cluster, so it
 * is given as long as for any other call.
 *
 * @throws EnvironmentError if it does not answer in time: that says nothing about the stack
 */
export function reconnectDocker(): Promise<Docker> {
	reconnected ??= ask(budgets.engineCall).then(
		({ docker, endpoint }) => {
			limitCalls(docker, nameOf(endpoint));
			return docker;
		},
		(cause: unknown) => {
			reconnected = undefined;
			throw new EnvironmentError(messageOf(cause), { cause });
		},
	);
	return reconnected;
}

/** The id of the engine. */
export async function findEngineId(): Promise<string> {
	return parseEngineInfo((await connect()).rawInfo).ID;
}

/** The processor of the engine, as in process.arch: a person's engine may be on another machine. */
export async function findEngineProcessor(): Promise<string> {
	return processorOf(parseEngineInfo((await connect()).rawInfo));
}

/** @param limit for the answer, in milliseconds */
async function ask(limit: number) {
	const endpoint = await findEndpoint();
	await useEndpoint(endpoint);
	const docker = new Docker();
	const abortSignal = AbortSignal.timeout(limit);
	const before = Date.now();
	const rawInfo = await askEngine(docker, { path: "/info", abortSignal }).catch(
		(error: unknown) => {
			throw new EngineUnreachableError(endpoint, error);
		},
	);
	return { docker, endpoint, rawInfo, asked: { before, after: Date.now() } };
}

/** @param limit for each answer, in milliseconds */
async function findAndConnect(limit: number): Promise<Connection> {
	const { docker: probe, endpoint, rawInfo, asked } = await ask(limit);
	// testcontainers reads it when it is loaded, and fails where nobody catches it.
	await readDockerConfig();
	// Only set-up starts containers. Each claim would load these modules for a second.
	const { getContainerRuntimeClient } = await import("testcontainers");
	const client = await withinLimit(getContainerRuntimeClient(), limit).catch(
		(error: unknown) => {
			throw new EngineUnreachableError(endpoint, error);
		},
	);
	const docker = client.container.dockerode;
	if (addressOf(docker) !== addressOf(probe))
		throw new SetUpError(
			`testcontainers takes another Docker engine (${addressOf(docker)}) than the one that ${endpoint.namedBy} names (${endpoint.url}): if ~/.testcontainers.properties has tc.host, remove it`,
		);
	limitCalls(docker, nameOf(endpoint));
	spreadProxy(client.info.containerRuntime.host);
	return { docker, rawInfo, asked };
}

/** Makes testcontainers, dockerode and processes that this one starts take an engine: all of them read DOCKER_HOST. */
async function useEndpoint({ url, tlsDir }: Endpoint): Promise<void> {
	// The harness removes its resources by their labels, see sweep.ts. Ryuk would need another image.
	process.env.TESTCONTAINERS_RYUK_DISABLED = "true";
	delete process.env.DOCKER_TLS_VERIFY;
	delete process.env.DOCKER_CERT_PATH;
	const { TESTCONTAINERS_HOST_OVERRIDE: override } = process.env;
	if (override) checkHost(override, "TESTCONTAINERS_HOST_OVERRIDE");
	else delete process.env.TESTCONTAINERS_HOST_OVERRIDE;
	if (url.startsWith("ssh:")) {
		const { socket, host } = await startSshRelay(url);
		process.env.DOCKER_HOST = `unix://${socket}`;
		process.env.TESTCONTAINERS_HOST_OVERRIDE ??= checkHost(
			host,
			`${url}, by ssh's configuration`,
		);
		return;
	}
	process.env.DOCKER_HOST = url;
	// Ports are opened to this machine alone, and so reached by that name alone.
	if (url.startsWith("tcp:") && isThisMachine(new URL(url).hostname))
		process.env.TESTCONTAINERS_HOST_OVERRIDE ??= "localhost";
	if (tlsDir) {
		process.env.DOCKER_TLS_VERIFY = "1";
		process.env.DOCKER_CERT_PATH = tlsDir;
	}
	if (url.startsWith("unix:") && (await onlySeemsContainer()))
		process.env.TESTCONTAINERS_HOST_OVERRIDE ??= "localhost";
}

/** @param namedBy what names the host @throws SetUpError if published ports cannot be reached there */
function checkHost(host: string, namedBy: string): string {
	if (isIPv6(withoutBrackets(host)))
		throw new SetUpError(
			`${namedBy} is ${host}, but testcontainers cannot use an IPv6 address: name a host in TESTCONTAINERS_HOST_OVERRIDE, such as localhost or one of /etc/hosts`,
		);
	return host;
}

/**
 * If /.dockerenv exists, testcontainers assumes that it runs in a container, and reaches published ports through the
 * bridge's gateway. Some virtual machines have that file although they are not containers.
 */
async function onlySeemsContainer(): Promise<boolean> {
	if (!existsSync("/.dockerenv")) return false;
	const mounts = await readFile("/proc/1/mountinfo", "utf8").catch(() => "");
	return !isContainer(mounts);
}

/** testcontainers has no limit of its own. */
function withinLimit<T>(answer: Promise<T>, limit: number): Promise<T> {
	return Promise.race([
		answer,
		pause(limit, undefined, { ref: false }).then(() => {
			throw new Error(`no answer within ${limit / 1000} s`);
		}),
	]);
}

const modemAddress = z.object({
	host: z.string().optional(),
	port: z.coerce.string().optional(),
	socketPath: z.string().optional(),
});

function addressOf({ modem }: Docker): string {
	const { host, port, socketPath } = modemAddress.parse(modem);
	return host ? `${host}:${port}` : `${socketPath}`;
}

function nameOf({ url, namedBy }: Endpoint): string {
	return namedBy
		? `the Docker engine ${url} (named by ${namedBy})`
		: `the Docker engine ${url}`;
}

function codeOf(error: unknown): unknown {
	return error instanceof Error && "code" in error ? error.code : undefined;
}

/** What usually mends it, by Node's code. */
const remedies: Readonly<Record<string, string>> = {
	EACCES:
		"this user may not use it: sudo usermod -aG docker $USER, then log in again",
	ENOENT:
		"there is no such socket: install Docker (docs.docker.com/engine/install) or start it",
	ECONNREFUSED:
		"nothing listens there: start it (sudo systemctl start docker, or Docker Desktop)",
	ENOTFOUND: "there is no machine of that name",
};

function explain(endpoint: Endpoint, cause: unknown): string {
	const remedy = remedies[String(codeOf(cause))];
	const isTls = endpoint.url.startsWith("tcp:");
	const hint = isTls
		? "check that `docker version` works; for TLS, DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH must be set"
		: "check that `docker version` works";
	const said = messageOf(cause)
		.replace(/^The operation was aborted.*/, "no answer in time")
		.trim();
	return `${nameOf(endpoint)} does not answer: ${remedy ?? `${said}; ${hint}`}`;
}
