import lockfile from "proper-lockfile";
import { budgets } from "./budgets.ts";

const retryEvery = 1_000;

/**
 * Runs `action` while holding a lock that other processes on this machine respect. The lock of a process that died is
 * taken over after a minute.
 *
 * @param path an existing file or folder
 */
export async function withFileLock<T>(
	path: string,
	action: () => Promise<T>,
): Promise<T> {
	const release = await lockfile.lock(path, {
		// The default throws where nothing can catch it. It is safe to go on: the action writes its files under temporary
		// names and renames them at the end.
		onCompromised: () => undefined,
		stale: 60_000,
		update: 10_000,
		retries: {
			retries: Math.ceil(budgets.lock / retryEvery),
			factor: 1,
			minTimeout: retryEvery,
			maxTimeout: retryEvery,
		},
	});
	try {
		return await action();
	} finally {
		await release();
	}
}
