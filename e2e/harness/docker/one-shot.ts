import { buffer } from "node:stream/consumers";
import type Dockerode from "dockerode";
import { EnvironmentError, messageOf } from "../../common/errors.ts";
import { type FileTree, packTar, unpackTar } from "../../common/tar.ts";
import { readOutput } from "./docker.ts";

/** A tool ended with an exit code other than 0. */
export class ToolError extends Error {
	override readonly name = "ToolError";
	readonly exitCode: number;
	readonly stdout: string;
	readonly stderr: string;

	constructor(command: string, exitCode: number, output: ToolOutput) {
		const said = (output.stderr || output.stdout).trim().slice(-2000);
		super(`${command} ended with exit code ${exitCode}: ${said}`);
		this.exitCode = exitCode;
		this.stdout = output.stdout;
		this.stderr = output.stderr;
	}
}

export interface ToolOptions {
	/** Laid into the tool's working folder before it starts. */
	readonly files?: FileTree;
	/** A folder below the working folder, whose files are handed back. */
	readonly take?: string;
	/**
	 * It says something whenever it succeeds, and changes nothing. A busy engine waits two seconds for what a container
	 * that has ended still has to say, and then it is lost: an answer that never came is asked for again.
	 */
	readonly speaks?: boolean;
}

interface ToolOutput {
	readonly stdout: string;
	readonly stderr: string;
}

export interface ToolResult extends ToolOutput {
	/** Files of the taken folder, by their path in it. */
	readonly files: Readonly<Record<string, Buffer>>;
}

const workDir = "work";
const mostAsked = 3;

/** What is run, and where. */
export interface OneShot extends ToolOptions {
	readonly image: string;
	readonly tool: string;
	readonly args: readonly string[];
	readonly labels: Readonly<Record<string, string>>;
	/** Docker's name of a network; none by default. */
	readonly network?: string;
	readonly privileged?: boolean;
	/** Milliseconds after which it is killed; none by default. */
	readonly limit?: number;
}

/**
 * Runs one command in a container of its own, which is removed afterwards.
 *
 * @throws ToolError when it ends with another exit code than 0
 * @throws EnvironmentError when Docker cannot run it
 */
export async function runOneShot(
	docker: Dockerode,
	shot: OneShot,
): Promise<ToolResult> {
	try {
		for (let asked = 0; asked < mostAsked; asked++) {
			const result = await runInContainer(docker, shot);
			if (result.stdout || !shot.speaks) return result;
		}
		throw new Error(`Docker lost its answer ${mostAsked} times`);
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
		privileged = false,
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
		// What it writes must be readable, whichever user the image names.
		User: "0:0",
		Labels: { ...labels },
		HostConfig: {
			NetworkMode: network,
			Privileged: privileged,
			LogConfig: { Type: "json-file", Config: {} },
		},
	});
	try {
		const tree: FileTree = { [`${workDir}/`]: "", ...below(files) };
		await container.putArchive(await packTar(tree), { path: "/" });
		await container.start();
		const killer = limit
			? setTimeout(() => container.kill().catch(() => undefined), limit)
			: undefined;
		const { StatusCode: exitCode }: { StatusCode: number } =
			await container.wait();
		clearTimeout(killer);
		// From its log, which is whole when it has ended: Docker answers an attachment before it has attached, and a
		// process that ends at once may have said everything by then.
		const log = await container.logs({
			follow: true,
			stdout: true,
			stderr: true,
		});
		const { stdout, stderr } = await readOutput(docker, log);
		const said = { stdout: stdout.toString(), stderr: stderr.toString() };
		if (exitCode !== 0)
			throw new ToolError(`${tool} ${args.join(" ")}`, exitCode, said);
		return { ...said, files: take ? await takeOut(container, take) : {} };
	} finally {
		await container.remove({ force: true, v: true });
	}
}

function below(files: FileTree): FileTree {
	return Object.fromEntries(
		Object.entries(files).map(([path, content]) => [
			`${workDir}/${path}`,
			content,
		]),
	);
}

async function takeOut(
	container: Dockerode.Container,
	folder: string,
): Promise<Record<string, Buffer>> {
	const stream = await container.getArchive({ path: `/${workDir}/${folder}` });
	const files = await unpackTar(await buffer(stream));
	// Docker names what it hands out from the folder's own name on.
	const root = `${folder.split("/").at(-1)}/`;
	return Object.fromEntries(
		Object.entries(files).map(([path, content]) => [
			path.slice(root.length),
			content,
		]),
	);
}
