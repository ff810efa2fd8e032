import { readlinkSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { hostname, tmpdir } from "node:os";

/**
 * The address of the socket that the process of a run listens on. However the process ends, the socket stops answering. A pid
 * file would outlive it and could name another process.
 *
 * On Linux it is an abstract socket: a process that sees another /tmp (systemd's PrivateTmp, `unshare -m`) finds it, too.
 *
 * @param file the path of the socket on other systems
 */
function addressOf(runId: string, file: string): string {
	return process.platform === "linux"
		? `\0o11y-e2e-${process.getuid?.()}-${runId}`
		: file;
}

/** Shows that a run is alive, until the server is closed or the process ends. */
export function showLife(runId: string, file: string): Promise<Server> {
	return new Promise((resolve, reject) => {
		const server = createServer((connection) => connection.end());
		server.once("error", reject);
		server.listen(addressOf(runId, file), () => {
			server.unref();
			resolve(server);
		});
	});
}

/** What connecting to the socket of a dead run ends with. Any other error says nothing about it. */
const deadCodes = ["ECONNREFUSED", "ENOENT"];

/** Whether the process of a run is alive, or cannot be asked, for example because too many files are open. */
export function showsLife(runId: string, file: string): Promise<boolean> {
	return new Promise((resolve) => {
		const connection = connect(addressOf(runId, file));
		connection.once("connect", () => {
			connection.destroy();
			resolve(true);
		});
		connection.once("error", (error: NodeJS.ErrnoException) =>
			resolve(!deadCodes.includes(error.code ?? "")),
		);
	});
}

/** Names those who see each other's signs of life: processes of one user on one machine, and on Linux in one network namespace. */
export function sightKey(): string {
	const among = process.platform === "linux" ? networkNamespace() : tmpdir();
	return `${hostname()} ${among} ${process.getuid?.()}`;
}

/** Linux' network namespace, which the signs of life of its processes are in. */
export function networkNamespace(): string {
	return process.platform === "linux"
		? readlinkSync("/proc/self/ns/net")
		: "host";
}
