import type { Readable } from "node:stream";
import { messageOf, SetUpError } from "../../common/errors.ts";
import { cutAfter } from "../../common/secrecy/redact.ts";
import { findEngineHost } from "./run-container.ts";

const lastLines = 12;
/** Characters. k3s prints lines of several thousand when it ends. */
const longestLine = 400;

/** What testcontainers can start. */
interface Startable<T> {
	withLogConsumer(consumer: (log: Readable) => unknown): unknown;
	start(): Promise<T>;
}

/** A container ended, or was not ready in time. */
export class ContainerStartError extends SetUpError {
	readonly container: string;
	/** All that it logged. */
	readonly log: string;

	/** @param host at which its ports were looked for; undefined if that is not why */
	constructor(container: string, log: string, cause: unknown, host?: string) {
		const lines = log.trim().split("\n").slice(-lastLines);
		const tail = lines.map((line) => `  ${cutAfter(line, longestLine)}`);
		const advice = host
			? `. Its port was looked for at ${host}: if this process reaches the ports that Docker publishes at another address, name that in TESTCONTAINERS_HOST_OVERRIDE`
			: "";
		const why = `${messageOf(cause)}${advice}`;
		super(
			log.trim() === ""
				? `${container} did not start, and logged nothing: ${why}`
				: `${container} did not start: ${why}. The end of its log:\n${tail.join("\n")}`,
			{ cause },
		);
		this.container = container;
		this.log = log;
	}
}

/**
 * Starts a container. testcontainers removes one that does not become ready, so its log is read from the start.
 *
 * @param name of the container, for the message
 * @param findHost finds where its ports are looked for
 * @throws ContainerStartError
 */
export async function startContainer<T>(
	name: string,
	container: Startable<T>,
	findHost = findEngineHost,
): Promise<T> {
	const chunks: string[] = [];
	const logs: Readable[] = [];
	container.withLogConsumer((log) => {
		logs.push(log);
		log.on("data", (chunk: unknown) => chunks.push(String(chunk)));
		log.on("error", () => undefined);
	});
	try {
		return await container.start();
	} catch (cause) {
		// It runs, and its port does not answer here: see testcontainers' HttpWaitStrategy and HostPortWaitStrategy.
		const isOutOfReach = /not accessible|port .* not bound/i.test(
			messageOf(cause),
		);
		throw new ContainerStartError(
			name,
			chunks.join(""),
			cause,
			isOutOfReach ? await findHost() : undefined,
		);
	} finally {
		for (const log of logs) log.destroy();
	}
}
