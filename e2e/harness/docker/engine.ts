import type Dockerode from "dockerode";
import { SetUpError } from "../../common/errors.ts";
import { connect, EngineUnreachableError } from "./connection.ts";
import { canSetUpEngine, startDebianEngine } from "./debian-engine.ts";
import { type EngineInfo, parseEngineInfo } from "./engine-info.ts";
import { findUnsupported } from "./unsupported.ts";

/** A Docker engine that answers. */
export interface Engine {
	readonly docker: Dockerode;
	readonly info: EngineInfo;
	/** Milliseconds by which the engine's clock is ahead of this process'. */
	readonly clockAhead: number;
}

/**
 * Connects to the Docker engine that this person uses. If none is named and none runs, sets one up, which works on Debian
 * as root.
 *
 * @param say prints a line for the person
 * @throws SetUpError if there is none, or one that cannot run the nodes
 */
export async function connectEngine(
	say: (line: string) => void,
): Promise<Engine> {
	const running = await connectRunningEngine();
	if (running) return running;
	if (!(await canSetUpEngine())) {
		throw new SetUpError(
			"no Docker engine answers: install one (docs.docker.com/engine/install), start it, and check that `docker ps` works for this user. On Debian 12 or newer, as root, one is set up automatically.",
		);
	}
	await startDebianEngine(say);
	const started = await connectRunningEngine();
	if (!started)
		throw new SetUpError("the Docker engine was started, but does not answer");
	return started;
}

/** What Node says if no engine runs at a socket. */
const notRunning: readonly unknown[] = ["ENOENT", "ECONNREFUSED"];

/**
 * Connects to a running Docker engine; undefined if none is named and none runs.
 *
 * @throws SetUpError if the one that is named does not answer, or cannot run the nodes
 */
export async function connectRunningEngine(): Promise<Engine | undefined> {
	const connection = await connect().catch((error: unknown) => {
		if (
			error instanceof EngineUnreachableError &&
			!error.endpoint.namedBy &&
			notRunning.includes(error.code)
		)
			return undefined;
		throw error;
	});
	if (!connection) return undefined;
	const { docker, rawInfo, askedAt } = connection;
	const refusal = findUnsupported(rawInfo, await docker.version());
	if (refusal) throw new SetUpError(refusal);
	const info = parseEngineInfo(rawInfo);
	const clockAhead = Date.parse(info.SystemTime) - askedAt;
	return { docker, info, clockAhead };
}
