import { buffer } from "node:stream/consumers";
import type Dockerode from "dockerode";
import { mapKeys } from "es-toolkit";
import { EnvironmentError, messageOf } from "../../common/errors.ts";
import { cutBefore } from "../../common/secrecy/redact.ts";
import { type FileTree, packTar, unpackTar } from "../../common/tar.ts";
import { readOutput, runHostConfig } from "./docker.ts";

/** A tool ended with an exit code other than 0. */
export class ToolError extends Error {
	override readonly name = "ToolError";
	readonly exitCode: number;
	readonly stdout: string;
	readonly stderr: string;

	constructor(command: string, exitCode: number, output: ToolOutput) {
		const said = cutBefore((output.stderr || output.stdout).trim(), 2000);
		super(`${command} ended with exit code ${exitCode}: ${said}`);
		this.exitCode = exitCode;
		this.stdout = output.stdout;
		this.stderr = output.stderr;
	}
}

export interface ToolOptions {
	/** Copied into the tool's working folder before it starts. */
	readonly files?: FileTree;
	/** A folder in the working folder, whose files are returned. */
	readonly take?: string;
	/**
	 * Whether the tool prints something whenever it succeeds, and changes nothing. After a container has ended, a busy
	 * engine waits two seconds for the rest of its output and then loses it: without any output the tool runs again.
	 */
	readonly speaks?: boolean;
}

interface ToolOutput {
	readonly stdout: string;
	readonly stderr: string;
}

export interface ToolResult extends ToolOutput {
	/** The files of the folder `take`, by their path in it. */
	readonly files: Readonly<Record<string, Buffer>>;
}

const workDir = "work";
const mostRuns = 3;

/** A command to run in a container. */
export interface OneShot extends ToolOptions {
	readonly image: string;
	readonly tool: string;
	readonly args: readonly string[];
	readonly labels: Readonly<Record<string, string>>;
	/** Docker's name of a network; none by default. */
	readonly network?: string;
	/** As in Docker's PidMode: whose processes it sees. */
	readonly pid?: string;
	readonly privileged?: boolean;
	/** Docker's bind mounts, as `source:target`; none by default. */
	readonly binds?: readonly string[];
	/** Variables of its environment. */
	readonly env?: Readonly<Record<string, string>>;
	/** Milliseconds after which the command is killed; none by default. */
	readonly limit?: number;
}

/**
 * Runs a command in a new container and removes the container.
 *
 * @throws ToolError if it ends with an exit code other than 0
 * @throws EnvironmentError if Docker cannot run it
 */
export async function runOneShot(
	docker: Dockerode,
	shot: OneShot,
): Promise<ToolResult> {
	try {
		for (let run = 0; run < mostRuns; run++) {
			const result = await runInContainer(docker, shot);
			if (result.stdout || !shot.speaks) return result;
		}
		throw new Error(
			`it printed nothing in ${mostRuns} runs, so Docker lost its output`,
		);
	} catch (error) {
		if (error instanceof ToolError) throw error;
		throw new EnvironmentError(
			`${shot.tool} could not be run in ${shot.image}: ${messageOf(error).trim()}`,
			{ cause: error },
		);
	}
}

async function runInContainer(
	docker: Dockerode,
	{
		image,
		tool,
		args,
		labels,
		network = "none",
		pid = "",
		privileged = false,
		binds = [],
		env = {},
		files = {},
		take,
		limit,
	}: OneShot,
): Promise<ToolResult> {
	const container = await docker.createContainer({
		Image: image,
		Entrypoint: [tool],
		Cmd: [...args],
		WorkingDir: `/${workDir}`,
		Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
		// Not the user that the image names: what the tool writes must be readable.
		User: "0:0",
		Labels: { ...labels },
		HostConfig: {
			NetworkMode: network,
			PidMode: pid,
			Privileged: privileged,
			Binds: [...binds],
			...runHostConfig,
		},
	});
	try {
		const tree: FileTree = {
			[`${workDir}/`]: "",
			...mapKeys(files, (_, path) => `${workDir}/${path}`),
		};
		await container.putArchive(await packTar(tree), { path: "/" });
		await container.start();
		let killed = "";
		const killer = limit
			? setTimeout(() => {
					killed = `it did not end within ${limit / 1000} s. `;
					container.kill().catch(() => undefined);
				}, limit)
			: undefined;
		const { StatusCode: exitCode }: { StatusCode: number } =
			await container.wait();
		clearTimeout(killer);
		// The output is read from the log, which is complete now. Docker answers a request to attach before it is attached,
		// and would miss the output of a process that ends at once.
		const log = await container.logs({
			follow: true,
			stdout: true,
			stderr: true,
		});
		const { stdout, stderr } = await readOutput(docker, log);
		const said = { stdout: stdout.toString(), stderr: stderr.toString() };
		if (exitCode !== 0)
			throw new ToolError(`${tool} ${args.join(" ")}`, exitCode, {
				...said,
				stderr: killed + said.stderr,
			});
		return { ...said, files: take ? await takeOut(container, take) : {} };
	} finally {
		await container.remove({ force: true, v: true });
	}
}

async function takeOut(
	container: Dockerode.Container,
	folder: string,
): Promise<Record<string, Buffer>> {
	const stream = await container.getArchive({ path: `/${workDir}/${folder}` });
	const files = await unpackTar(await buffer(stream));
	// The paths in Docker's archive begin with the folder's name.
	const root = `${folder.split("/").at(-1)}/`;
	return mapKeys(files, (_, path) => path.slice(root.length));
}
