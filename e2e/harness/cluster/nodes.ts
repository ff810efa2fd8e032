import type Dockerode from "dockerode";
import type { Environment } from "../../common/environment.ts";
import { type FileTree, packTar } from "../../common/tar.ts";
import { reconnectDocker } from "../docker/connection.ts";
import { readContainerLog } from "../docker/container-log.ts";
import { execInContainer } from "../docker/docker.ts";

/** A command in a node container ended with an exit code other than 0. */
export class NodeCommandError extends Error {
	override readonly name = "NodeCommandError";
	/** What it wrote to its standard error; empty if it wrote nothing. */
	readonly stderr: string;

	constructor(message: string, stderr = "") {
		super(message);
		this.stderr = stderr;
	}
}

/** A process as its node sees it. */
export interface NodeProcess {
	/** The Kubernetes node that it runs on. */
	readonly node: string;
	readonly pid: number;
}

type NodeContainers = Environment["nodes"];

/** Runs commands and copies files in the node containers. Nodes are addressed by their Kubernetes names. */
export class Nodes {
	readonly #docker: Dockerode;
	readonly #containers: ReadonlyMap<string, string>;

	private constructor(docker: Dockerode, containers: NodeContainers) {
		this.#docker = docker;
		this.#containers = new Map(Object.entries(containers));
	}

	static async connect({ nodes }: Pick<Environment, "nodes">): Promise<Nodes> {
		return new Nodes(await reconnectDocker(), nodes);
	}

	get names(): string[] {
		return [...this.#containers.keys()];
	}

	/**
	 * Runs a command in a node and returns what it wrote to its standard output.
	 *
	 * @throws NodeCommandError with what it wrote to its standard error, when it failed
	 */
	async exec(
		node: string,
		command: readonly string[],
		stdin?: Uint8Array,
	): Promise<Buffer> {
		const { exitCode, stdout, stderr } = await execInContainer(
			this.#docker,
			this.#containerOf(node),
			command,
			stdin,
		);
		if (exitCode !== 0) {
			const said = stderr.toString().trim();
			throw new NodeCommandError(
				`on node ${node}, ${command.join(" ")} ended with exit code ${exitCode}: ${said || "(no output)"}`,
				said,
			);
		}
		return stdout;
	}

	/** What a node's kubelet and API server have logged. */
	log(node: string): Promise<string> {
		return readContainerLog(this.#docker, this.#containerOf(node).id);
	}

	/** Runs a shell script in a node; `$1` and so on are its arguments. */
	async script(
		node: string,
		script: string,
		...args: readonly string[]
	): Promise<string> {
		const output = await this.exec(node, ["sh", "-c", script, "sh", ...args]);
		return output.toString();
	}

	/** Copies files into an existing folder of a node. */
	async copyIn(node: string, folder: string, files: FileTree): Promise<void> {
		const archive = await packTar(files);
		await this.exec(node, ["tar", "-xf", "-", "-C", folder], archive);
	}

	/**
	 * Finds a pod's process by its command name, in the node's /proc: containers may have no shell to ask.
	 *
	 * @param name as in /proc/PID/comm, 15 characters at most
	 */
	async findProcess(
		node: string,
		podUid: string,
		name: string,
	): Promise<NodeProcess> {
		// systemd's cgroup driver writes the dashes of a UID as underscores.
		const uid = podUid.replaceAll("-", "[-_]");
		const found = await this.script(
			node,
			`for dir in /proc/[0-9]*; do
				read -r comm 2>/dev/null < "$dir/comm" || continue
				[ "$comm" = "$1" ] || continue
				grep -q "pod$2" "$dir/cgroup" 2>/dev/null && echo "\${dir#/proc/}"
			done; true`,
			name,
			uid,
		);
		const [pid, ...others] = found.split("\n").filter(Boolean).map(Number);
		if (!pid || others.length > 0) {
			throw new NodeCommandError(
				`on node ${node}, pod ${podUid} has ${pid ? others.length + 1 : "no"} processes called ${name}, not one`,
			);
		}
		return { node, pid };
	}

	#containerOf(node: string): Dockerode.Container {
		const name = this.#containers.get(node);
		if (!name) {
			throw new NodeCommandError(
				`there is no node called ${node}, only ${this.names.join(", ")}`,
			);
		}
		return this.#docker.getContainer(name);
	}
}
