import { hostname, networkInterfaces } from "node:os";

/** The names of this machine for itself. */
export const localHosts: readonly string[] = ["localhost", "127.0.0.1", "::1"];

/** Whether a host is this machine: by a name or address that others may know it by, too. */
export function isThisMachine(host: string): boolean {
	const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
	const names = [
		...localHosts,
		"0.0.0.0",
		hostname().toLowerCase(),
		...own.map(({ address }) => address),
	];
	return /^127(\.\d+){3}$/.test(host) || names.includes(host.toLowerCase());
}
