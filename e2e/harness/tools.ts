import { buffer, text } from "node:stream/consumers";
import type Dockerode from "dockerode";
import { connectDocker, isAbsent, readOutput } from "./docker.ts";
import type { Environment } from "./environment.ts";
import { labels } from "./labels.ts";
import { owner } from "./run.ts";
import { type FileTree, packTar, unpackTar } from "./tar.ts";

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

/** promtool and amtool of the very images that the stack runs, each call in a container of its own. */
export class Tools {
	readonly #docker: Dockerode;
	readonly #environment: Pick<Environment, "runId" | "images">;

	private constructor(
		docker: Dockerode,
		environment: Pick<Environment, "runId" | "images">,
	) {
		this.#docker = docker;
		this.#environment = environment;
	}

	static async connect(
		environment: Pick<Environment, "runId" | "images">,
	): Promise<Tools> {
		return new Tools(await connectDocker(), environment);
	}

	/** @throws ToolError when promtool ends with another exit code than 0 */
	promtool(
		args: readonly string[],
		options?: ToolOptions,
	): Promise<ToolResult> {
		const { prometheus } = this.#environment.images;
		return this.#run(prometheus, "/bin/promtool", args, options);
	}

	/** @throws ToolError when amtool ends with another exit code than 0 */
	amtool(args: readonly string[], options?: ToolOptions): Promise<ToolResult> {
		const { alertmanager } = this.#environment.images;
		return this.#run(alertmanager, "/bin/amtool", args, options);
	}

	async #run(
		image: string,
		tool: string,
		args: readonly string[],
		{ files = {}, take }: ToolOptions = {},
	): Promise<ToolResult> {
		await this.#pullIfAbsent(image);
		const container = await this.#docker.createContainer({
			Image: image,
			Entrypoint: [tool],
			Cmd: [...args],
			WorkingDir: `/${workDir}`,
			// What it writes must be readable, whichever user the image names.
			User: "0:0",
			Labels: {
				[labels.run]: this.#environment.runId,
				[labels.owner]: owner,
			},
			HostConfig: { NetworkMode: "none" },
		});
		try {
			const tree: FileTree = { [`${workDir}/`]: "", ...below(files) };
			await container.putArchive(await packTar(tree), { path: "/" });
			const stream = await container.attach({
				stream: true,
				stdout: true,
				stderr: true,
			});
			const output = readOutput(this.#docker, stream);
			await container.start();
			const { StatusCode: exitCode }: { StatusCode: number } =
				await container.wait();
			const { stdout, stderr } = await output;
			const said = { stdout: stdout.toString(), stderr: stderr.toString() };
			if (exitCode !== 0)
				throw new ToolError(`${tool} ${args.join(" ")}`, exitCode, said);
			return { ...said, files: take ? await takeOut(container, take) : {} };
		} finally {
			await container.remove({ force: true, v: true });
		}
	}

	async #pullIfAbsent(image: string): Promise<void> {
		try {
			await this.#docker.getImage(image).inspect();
		} catch (error) {
			if (!isAbsent(error)) throw error;
			const progress = await this.#docker.pull(image);
			await text(progress);
		}
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
