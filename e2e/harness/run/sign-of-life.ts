import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";

/**
 * The address of the socket that the process of a run listens on. However the process ends, the socket stops answering. A pid
 * file would outlive it and could name another process.
 *
 * On Linux it is an abstract socket: a process that sees another /tmp (systemd's PrivateTmp, `unshare -m`) finds it, too.
 *
 * @param folder where the socket is on other systems
 */
function addressOf(runId: string, folder: string): string {
	return process.platform === "linux"
		? `\0o11y-e2e-${process.getuid?.()}-${runId}`
		: join(folder, `o11y-e2e-run-${runId}.sock`);
}

/** Shows that a run is alive, until the server is closed or the process ends. */
export function showLife(runId: string, folder: string): Promise<Server> {
	return new Promise((resolve, reject) => {
		const server = createServer((connection) => connection.end());
		server.once("error", reject);
		server.listen(addressOf(runId, folder), () => {
			server.unref();
			resolve(server);
		});
	});
}

/** What connecting to the socket of a dead run ends with. Any other error says nothing about it. */
const deadCodes = ["ECONNREFUSED", "ENOENT"];

/** Whether the process of a run is alive, or cannot be asked, for example because too many files are open. */
export function showsLife(runId: string, folder: string): Promise<boolean> {
	return new Promise((resolve) => {
		const connection = connect(addressOf(runId, folder));
		connection.once("connect", () => {
			connection.destroy();
			resolve(true);
		});
		connection.once("error", (error: NodeJS.ErrnoException) =>
			resolve(!deadCodes.includes(error.code ?? "")),
		);
	});
}
