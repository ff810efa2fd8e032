import { connect } from "node:net";
import type Dockerode from "dockerode";
import { budgets } from "../../../common/budgets.ts";
import { messageOf } from "../../../common/errors.ts";
import {
	eventually,
	NeverSeenError,
	notYet,
} from "../../../common/eventually.ts";
import { isAbsent, runHostConfig } from "../docker.ts";
import { bindToLoopback, findEngineHost } from "../run-container.ts";
import type { MachineFinding } from "./examine-machine.ts";

const subject = "ports";
const port = "8080/tcp";
/** Says a word to whoever connects. Not every busybox can: one without nc, or whose nc cannot listen, ends at once. */
export const portScript = `busybox --list | grep -qx nc || exit 1
failed=0
while [ $failed -lt 20 ]; do
	echo here | busybox nc -l -p 8080 && failed=0 || failed=$((failed + 1))
done
exit 1`;

/** What to look with. */
export interface PortProbe {
	/** An image with busybox. */
	readonly image: string;
	readonly labels: Readonly<Record<string, string>>;
	/** Docker's name of a network; its own one by default. */
	readonly network?: string;
}

/**
 * Looks whether this process reaches the ports that Docker publishes: a run talks to its cluster through them. Never bad if
 * the container itself could not be started: that says nothing about the way to it.
 */
export async function examinePublishedPorts(
	docker: Dockerode,
	probe: PortProbe,
): Promise<MachineFinding> {
	return lookAtPorts(docker, probe).catch((error: unknown) =>
		unseenPorts(messageOf(error).trim()),
	);
}

async function lookAtPorts(
	docker: Dockerode,
	{ image, labels, network }: PortProbe,
): Promise<MachineFinding> {
	const host = await findEngineHost();
	const bindings = await bindToLoopback({ [port]: [{ HostPort: "0" }] });
	const container = await docker.createContainer({
		Image: image,
		Entrypoint: ["sh"],
		Cmd: ["-c", portScript],
		Labels: { ...labels },
		ExposedPorts: { [port]: {} },
		HostConfig: {
			...(network ? { NetworkMode: network } : {}),
			PortBindings: bindings,
			...runHostConfig,
		},
	});
	try {
		await container.start();
		const { NetworkSettings } = await container.inspect();
		const published = Number(NetworkSettings.Ports[port]?.[0]?.HostPort);
		if (!published) return unseenPorts("the engine published none");
		return await eventually(
			`port ${published} of ${host} answers`,
			budgets.publishedPort,
			async () => {
				const trouble = await findTrouble(host, published);
				if (!trouble) return reached(host);
				const end = await findEnd(() => container.inspect());
				return end ? unseenPorts(end) : notYet(trouble);
			},
			{ eager: true },
		);
	} catch (error) {
		if (error instanceof NeverSeenError)
			return outOfReach(host, messageOf(error));
		throw error;
	} finally {
		await container.remove({ force: true, v: true }).catch((error: unknown) => {
			if (!isAbsent(error)) throw error;
		});
	}
}

/** Why nobody can look through a container any more; undefined while it runs. */
export async function findEnd(
	inspect: () => Promise<{ readonly State: { readonly Running: boolean } }>,
): Promise<string | undefined> {
	try {
		const { State } = await inspect();
		return State.Running ? undefined : "the container to look with ended";
	} catch (error) {
		// A run that starts removes containers of no living run; doctor's has no run.
		if (isAbsent(error))
			return "something removed the container to look with, such as the start of a run";
		throw error;
	}
}

/** @param why nobody could look */
export function unseenPorts(
	why: string,
	remedy = "look again; a run looks, too, before it starts a cluster",
): MachineFinding {
	return {
		subject,
		verdict: "doubtful",
		found: `it cannot be seen whether published ports are reached: ${why}`,
		remedy,
	};
}

function reached(host: string): MachineFinding {
	return {
		subject,
		verdict: "good",
		found: `published ports are reached at ${host}`,
	};
}

function outOfReach(host: string, why: string): MachineFinding {
	return {
		subject,
		verdict: "bad",
		found: `the ports that Docker publishes are not reached at ${host} (${why})`,
		remedy:
			"name the address at which this process reaches the engine's machine in TESTCONTAINERS_HOST_OVERRIDE; in a container with the engine's socket, start that with --network host and name localhost; where a firewall is between, open the ephemeral ports",
	};
}

/** Milliseconds. A firewall may swallow what is sent. */
const attemptLimit = 2000;

/** @returns why nothing is said there; undefined if something is */
export function findTrouble(
	host: string,
	published: number,
): Promise<string | undefined> {
	return new Promise((resolve) => {
		const socket = connect({ host, port: published });
		const end = (trouble: string | undefined) => {
			socket.destroy();
			resolve(trouble);
		};
		socket
			.setTimeout(attemptLimit, () => end("no answer"))
			.once("data", () => end(undefined))
			.once("error", (error) => end(messageOf(error)))
			.once("close", () => end("it was closed without a word"));
	});
}
