import { execa, type Result } from "execa";
import { z } from "zod";
import { budgets } from "../../common/budgets.ts";
import { SetUpError } from "../../common/errors.ts";
import { rememberSecretsIn } from "../../common/secrecy/in-values.ts";
import { type DockerLogin, readDockerConfig } from "./docker-config.ts";

/** A login to a registry, as Docker's API takes it. */
export interface RegistryLogin {
	readonly username?: string;
	readonly password?: string;
	readonly identitytoken?: string;
	readonly serveraddress: string;
}

/** What Docker's own configuration calls docker.io. */
const dockerHub = "https://index.docker.io/v1/";
/** Docker Hub by the names that references to its images and charts have. */
const hubHosts = ["docker.io", "index.docker.io", "registry-1.docker.io"];

/**
 * Finds what `docker login` has stored for a registry: with a helper or in config.json, as docker does.
 *
 * @param host e.g. docker.io, registry-1.docker.io, ghcr.io, localhost:5000
 * @param limit milliseconds in which a helper must answer
 * @returns undefined if the person is not logged in
 * @throws SetUpError if the helper fails
 */
export async function findRegistryLogin(
	host: string,
	limit: number = budgets.request,
): Promise<RegistryLogin | undefined> {
	const login = await readRegistryLogin(host, limit);
	rememberSecretsIn(login);
	return login;
}

async function readRegistryLogin(
	host: string,
	limit: number,
): Promise<RegistryLogin | undefined> {
	const { auths, credHelpers, credsStore } = await readDockerConfig();
	const serveraddress = hubHosts.includes(host) ? dockerHub : host;
	const helper = credHelpers[serveraddress] ?? credsStore;
	const own = helper
		? await askHelper(helper, serveraddress, limit)
		: undefined;
	if (own) return own;
	const stored =
		auths[serveraddress] ??
		Object.entries(auths).find(
			([key]) => registryNamed(key) === registryNamed(serveraddress),
		)?.[1];
	return stored && readStored(stored, serveraddress);
}

/** Docker has stored logins under URLs, too. */
function hostOf(key: string): string {
	return key.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
}

/** The host of a key, and one for all names of Docker Hub: `docker login registry-1.docker.io` stores that name. */
function registryNamed(key: string): string {
	const host = hostOf(key);
	return hubHosts.includes(host) ? "docker.io" : host;
}

function readStored(
	{ auth, username, password, identitytoken }: DockerLogin,
	serveraddress: string,
): RegistryLogin | undefined {
	if (identitytoken) return { identitytoken, serveraddress };
	// With a helper, config.json has an empty entry for each login.
	if (!auth)
		return username && password
			? { username, password, serveraddress }
			: undefined;
	const decoded = Buffer.from(auth, "base64").toString();
	const colon = decoded.indexOf(":");
	if (colon < 1)
		throw new SetUpError(
			`the login to ${hostOf(serveraddress)} in Docker's config.json has no user and password: docker login ${hostOf(serveraddress)}`,
		);
	return {
		username: decoded.slice(0, colon),
		password: decoded.slice(colon + 1).replace(/\0+$/, ""),
		serveraddress,
	};
}

const helperAnswer = z.object({ Username: z.string(), Secret: z.string() });

/** https://github.com/docker/docker-credential-helpers#development */
async function askHelper(
	helper: string,
	serveraddress: string,
	limit: number,
): Promise<RegistryLogin | undefined> {
	const command = `docker-credential-${helper}`;
	const helperProcess = execa(command, ["get"], {
		input: serveraddress,
		reject: false,
	});
	// A script's own child holds the pipes when the script is ended, and execa's own limit waits for them.
	let timedOut = false;
	const timer = setTimeout(() => {
		timedOut = true;
		helperProcess.kill("SIGKILL");
		helperProcess.stdout.destroy();
		helperProcess.stderr.destroy();
	}, limit);
	const ended = await helperProcess;
	const { stdout, exitCode } = ended;
	clearTimeout(timer);
	const answer = exitCode === 0 ? parseAnswer(stdout) : undefined;
	if (answer) {
		const { Username: username, Secret: secret } = answer;
		return username === "<token>"
			? { identitytoken: secret, serveraddress }
			: { username, password: secret, serveraddress };
	}
	if (/credentials not found/i.test(stdout)) return undefined;
	const why = timedOut
		? `it did not answer within ${limit / 1000} s`
		: whyNoLogin(ended);
	throw new SetUpError(
		`the login to ${hostOf(serveraddress)} cannot be read: Docker's config.json names the helper ${command}, but ${why}. Install it, or remove credsStore or credHelpers from config.json`,
	);
}

function whyNoLogin({
	stdout,
	stderr,
	exitCode,
	signal,
	code,
}: Pick<Result, "exitCode" | "signal" | "code"> & {
	readonly stdout: string;
	readonly stderr: string;
}): string {
	if (exitCode === 0) return "its answer has an unexpected form";
	if (exitCode !== undefined)
		return `it ended with exit code ${exitCode}: ${(stderr || stdout).split("\n")[0]}`;
	if (signal) return `it was ended by ${signal}`;
	return code === "ENOENT"
		? "there is no such command"
		: `it cannot be started (${code})`;
}

function parseAnswer(text: string) {
	try {
		return helperAnswer.parse(JSON.parse(text));
	} catch {
		// Its error would quote a password.
		return undefined;
	}
}
