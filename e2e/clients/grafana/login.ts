import { KubeError } from "../api-server/kube-error.ts";

/**
 * Where Grafana redirects a login if it serves its pages below a path: what is not below it is redirected, except for its
 * API.
 *
 * @param location that of the redirect, which the API server's proxy may have prefixed
 */
export function subPathIn(location: string | undefined): string | undefined {
	if (!location) return undefined;
	const { pathname } = new URL(location, "http://grafana");
	const path = pathname.replace(/^\/api\/v1\/.+?\/proxy(?=\/)/, "");
	return /^(\/.+)\/login$/.exec(path)?.[1];
}

/** Whether Grafana refuses a login because nobody may log in with a password: its own sentence, which differs by version. */
export function isLoginOff(error: unknown): boolean {
	return (
		error instanceof KubeError &&
		/login is disabled|client.{0,4}(not.?configured|not.?found|unavailable)/i.test(
			error.body,
		)
	);
}
