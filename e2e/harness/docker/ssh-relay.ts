import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { lstat, mkdir, readdir, rm } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";
import { budgets } from "../../common/budgets.ts";
import { SetUpError } from "../../common/errors.ts";
import { cacheDir, cacheRoot } from "../../common/paths.ts";

/** A socket on this machine that leads to an engine on another one. */
export interface SshRelay {
	readonly socket: string;
	/** The other machine's name or address, where published ports are reached. */
	readonly host: string;
}

/**
 * Reaches an engine by SSH: with the command ssh, as docker does, so that the person's own configuration, keys, agent and
 * known hosts count. The relay ends with this process.
 *
 * @param url ssh://[<user>@]<host>[:<port>][<path of the engine's socket>]
 * @throws SetUpError with what ssh said
 */
export async function startSshRelay(url: string): Promise<SshRelay> {
	const { hostname, port, username, pathname } = new URL(url);
	const target = [
		...(port ? ["-p", port] : []),
		...(username ? ["-l", decodeURIComponent(username)] : []),
		"--",
		hostname,
	];
	const remote = pathname.length > 1 ? pathname : "/var/run/docker.sock";
	const folder = await relayFolder();
	await removeDead(folder);
	const socket = join(folder, `${randomBytes(4).toString("hex")}.sock`);
	const limit = Math.ceil(budgets.engineAnswer / 1000);
	const ssh = execa(
		"ssh",
		[
			// Nobody can answer a question here.
			"-oBatchMode=yes",
			`-oConnectTimeout=${limit}`,
			"-oExitOnForwardFailure=yes",
			"-oServerAliveInterval=15",
			`-L${socket}:${remote}`,
			...target,
			// It ends with this process, which holds its standard input.
			"echo connected && exec cat",
		],
		{ reject: false, cleanup: true, stdin: "pipe" },
	);
	process.once("exit", () => rmSync(socket, { force: true }));
	const deadline = AbortSignal.timeout(budgets.engineAnswer);
	const connected = await Promise.race([
		once(ssh.stdout, "data", { signal: deadline }).then(
			() => true,
			() => false,
		),
		ssh.then(() => false),
	]);
	if (!connected) {
		ssh.kill();
		const { stderr, shortMessage = "" } = await ssh;
		const said =
			stripVTControlCharacters(stderr).trim().split("\n").at(-1) ||
			(deadline.aborted ? `no connection within ${limit} s` : shortMessage);
		throw new SetUpError(
			`the Docker engine ${url} cannot be reached: ${said}${said.endsWith(".") ? "" : "."} This command must work without a question: ssh ${target.join(" ")} docker version`,
		);
	}
	return { socket, host: await realHost(target) };
}

/** ssh and Docker's clients read other characters as parts of an address, and a socket's path has some hundred at most. */
function fitsSocket(folder: string): boolean {
	return /^[\w./@+~-]{1,85}$/.test(folder);
}

/**
 * A folder for the relay's socket that only this user can write: in the cache, or beside the other temporary files.
 *
 * @throws SetUpError if no path of these can be a socket's
 */
export async function relayFolder(): Promise<string> {
	const cached = join(cacheRoot(), "ssh");
	if (fitsSocket(cached)) return cacheDir("ssh");
	const other = join(tmpdir(), `o11y-e2e-ssh-${process.getuid?.()}`);
	if (!fitsSocket(other))
		throw new SetUpError(
			`an engine that is reached by ssh:// needs a socket, whose path may not be as long, and not have such characters, as ${cached}: name a folder in O11Y_E2E_CACHE whose path has at most 80 letters, digits and -_./`,
		);
	await mkdir(other, { recursive: true, mode: 0o700 });
	const found = await lstat(other);
	// Everybody can make a folder of this name before this user does. See also scripts/home-folder.mjs.
	if (
		!found.isDirectory() ||
		found.uid !== process.getuid?.() ||
		(found.mode & 0o022) !== 0
	)
		throw new SetUpError(
			`${other}, where the socket of an engine by ssh:// goes, is not this user's own: remove it, or name another folder in O11Y_E2E_CACHE`,
		);
	return other;
}

/** The host that ssh's configuration has for a name. */
async function realHost(target: readonly string[]): Promise<string> {
	const { stdout } = await execa("ssh", ["-G", ...target]);
	const host = /^hostname (.+)$/m.exec(stdout)?.[1];
	if (!host) throw new SetUpError(`ssh -G ${target.join(" ")} names no host`);
	return host;
}

/** Removes the sockets of processes that were killed. */
async function removeDead(folder: string): Promise<void> {
	for (const name of await readdir(folder)) {
		const path = join(folder, name);
		if (!(await answers(path))) await rm(path, { force: true });
	}
}

function answers(socket: string): Promise<boolean> {
	return new Promise((resolve) => {
		const connection = createConnection(socket);
		connection.once("connect", () => {
			connection.destroy();
			resolve(true);
		});
		connection.once("error", () => resolve(false));
	});
}
