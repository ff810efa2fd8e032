// A home folder for a user who has none that can be used, such as a container's that runs as any number.
import { accessSync, constants, lstatSync, mkdirSync, statSync } from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { isAbsolute, join } from "node:path";

/** @returns the variables to set for the command: it writes into its home folder and its cache */
export function findHome() {
	const home = ownHome();
	if (!home) {
		const other = ownFolder("home");
		console.error(
			`this user has no home folder: ${other} is used as one (HOME names another one)`,
		);
		return { HOME: other };
	}
	const { O11Y_E2E_CACHE, XDG_CACHE_HOME } = process.env;
	if (O11Y_E2E_CACHE || XDG_CACHE_HOME || isWritable(home))
		return { HOME: home };
	// Docker's and ssh's configuration are there, as in a volume that is read-only.
	const cache = ownFolder("cache");
	console.error(
		`the home folder ${home} cannot be written: ${cache} is used for the cache (O11Y_E2E_CACHE names another one)`,
	);
	return { HOME: home, O11Y_E2E_CACHE: cache };
}

/** HOME's, or else that of the list of users. Docker sets HOME=/ for users who are not in it. */
function ownHome() {
	for (const find of [homedir, () => userInfo().homedir]) {
		try {
			const home = find();
			const isNone = home === "/" && !isWritable(home);
			if (isAbsolute(home) && isFolder(home) && !isNone) return home;
		} catch {
			// The list does not have this user.
		}
	}
	return undefined;
}

function isFolder(path) {
	return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isWritable(path) {
	try {
		accessSync(path, constants.W_OK);
		return true;
	} catch {
		return false;
	}
}

/** Everybody can make a folder of this name before this user does: what is in it counts as this user's own. */
function ownFolder(what) {
	const path = join(tmpdir(), `o11y-e2e-${what}-${process.getuid?.()}`);
	mkdirSync(path, { recursive: true, mode: 0o700 });
	const found = lstatSync(path);
	if (
		!found.isDirectory() ||
		found.uid !== process.getuid?.() ||
		(found.mode & 0o022) !== 0
	)
		throw new Error(
			`${path} is not this user's own: name a home folder in HOME, or a cache in O11Y_E2E_CACHE`,
		);
	return path;
}
