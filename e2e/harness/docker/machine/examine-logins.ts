import { messageOf } from "../../../common/errors.ts";
import { type DockerConfig, readDockerConfig } from "../docker-config.ts";
import { findRegistryLogin } from "../registry-login.ts";
import type { MachineFinding } from "./examine-machine.ts";

/** Milliseconds. A helper may ask the person for a password. */
const helperLimit = 20_000;

/** Reads each login that `docker login` has stored, as a pull does: a helper that fails would end it. */
export async function examineLogins(): Promise<MachineFinding> {
	const hosts = hostsOf(await readDockerConfig());
	const asked = await Promise.all(
		hosts.map(async (host) =>
			findRegistryLogin(host, helperLimit).then(
				(login) => ({ host, isThere: login !== undefined, failure: "" }),
				(error: unknown) => ({
					host,
					isThere: false,
					failure: messageOf(error),
				}),
			),
		),
	);
	return judgeLogins(asked);
}

/** The registries with a login. A helper of all registries is asked for Docker Hub, too, whether there is one or not. */
export function hostsOf({
	auths,
	credHelpers,
	credsStore,
}: DockerConfig): string[] {
	const hosts = new Set([...Object.keys(auths), ...Object.keys(credHelpers)]);
	if (hosts.size === 0 && credsStore) hosts.add("docker.io");
	return [...hosts];
}

/** What became of the question for one login. */
interface AskedLogin {
	readonly host: string;
	readonly isThere: boolean;
	/** Empty if there was an answer. */
	readonly failure: string;
}

export function judgeLogins(asked: readonly AskedLogin[]): MachineFinding {
	const subject = "logins";
	const failures = [...new Set(asked.map(({ failure }) => failure))];
	const failed = failures.filter(Boolean);
	if (failed.length > 0)
		return {
			subject,
			// A run may need none of these registries; the line about images says whether it does.
			verdict: "doubtful",
			found: failed.join("; "),
			remedy: "docker login, or docker logout for registries that are not used",
		};
	const there = asked.filter(({ isThere }) => isThere);
	return {
		subject,
		verdict: "good",
		found: there.map(({ host }) => host).join(", ") || "none",
	};
}
