import lockfile from "proper-lockfile";

/**
 * Runs `action` while holding a lock that other processes on this machine respect; a lock whose holder died
 * is taken over after a minute.
 *
 * @param path an existing file or folder
 */
export async function withFileLock<T>(
	path: string,
	action: () => Promise<T>,
): Promise<T> {
	const release = await lockfile.lock(path, {
		// The default would throw where nobody can catch it. What the lock guards is written under other names first.
		onCompromised: () => undefined,
		stale: 60_000,
		update: 10_000,
		retries: { retries: 3600, factor: 1, minTimeout: 1000, maxTimeout: 1000 },
	});
	try {
		return await action();
	} finally {
		await release();
	}
}
