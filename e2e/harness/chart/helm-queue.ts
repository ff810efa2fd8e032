import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import type { StartedTestContainer } from "testcontainers";
import type { HelmResult } from "./helm-error.ts";

/** A file in Helm's container. */
export interface HelmFile {
	readonly target: string;
	readonly content: string;
	readonly mode: number;
}

/** A command line of Helm, without `helm`, and the files that it reads. */
export interface HelmCommand {
	readonly args: readonly string[];
	readonly files: readonly HelmFile[];
}

export interface HelmOutput extends HelmResult {
	readonly stdout: string;
}

interface Waiting {
	readonly command: HelmCommand;
	resolve(output: HelmOutput): void;
	reject(error: unknown): void;
}

/** With more, one core would work alone at the end. */
const mostAtOnce = 8;

/**
 * Runs command lines of Helm in a container, as many at the same time as there are cores. Those that wait meanwhile are run by
 * one process after the other of one shell: to copy a file and to start a process in a container takes several times as
 * long as to render a chart.
 */
export class HelmQueue {
	readonly #container: StartedTestContainer;
	readonly #waiting: Waiting[] = [];
	#free = availableParallelism();

	constructor(container: StartedTestContainer) {
		this.#container = container;
	}

	run(command: HelmCommand): Promise<HelmOutput> {
		return new Promise((resolve, reject) => {
			this.#waiting.push({ command, resolve, reject });
			// What is asked for at the same time is run together.
			setImmediate(() => this.#next());
		});
	}

	#next(): void {
		while (this.#free > 0 && this.#waiting.length > 0) {
			const share = Math.ceil(this.#waiting.length / this.#free);
			const batch = this.#waiting.splice(0, Math.min(share, mostAtOnce));
			this.#free -= 1;
			void this.#run(batch).finally(() => {
				this.#free += 1;
				this.#next();
			});
		}
	}

	async #run(batch: readonly Waiting[]): Promise<void> {
		try {
			const files = batch.flatMap(({ command }) => command.files);
			if (files.length > 0)
				await this.#container.copyContentToContainer([...files]);
			const mark = randomBytes(8).toString("hex");
			const script = makeScript(
				batch.map(({ command }) => command.args),
				mark,
			);
			const ended = await this.#container.exec(["sh", "-c", script]);
			const outputs = splitOutput(ended, mark);
			// The shell was ended before Helm was.
			for (const [i, { resolve }] of batch.entries())
				resolve(outputs[i] ?? { exitCode: 137, stdout: "", stderr: "" });
		} catch (error) {
			for (const { reject } of batch) reject(error);
		}
	}
}

/** A shell script that runs each command line, and prints a mark after each: to its output, with the exit code, and to its errors. */
export function makeScript(
	commands: readonly (readonly string[])[],
	mark: string,
): string {
	return commands
		.map(
			(args) =>
				`helm ${args.map(quote).join(" ")}; printf '\\n%s %s\\n' ${mark} $?; printf '\\n%s\\n' ${mark} >&2`,
		)
		.join("\n");
}

function quote(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}

/** What each command line of a script printed, in their order; fewer if the script was ended. */
export function splitOutput(
	{ stdout, stderr }: { readonly stdout: string; readonly stderr: string },
	mark: string,
): HelmOutput[] {
	const errors = stderr.split(`\n${mark}\n`);
	const ends = new RegExp(`\\n${mark} (\\d+)\\n`);
	const parts = stdout.split(ends);
	return Array.from({ length: Math.floor(parts.length / 2) }, (_, i) => {
		const exitCode = Number(parts[2 * i + 1]);
		return {
			exitCode,
			stdout: parts[2 * i] ?? "",
			// Of a command that a signal ends, the shell says so, not Helm.
			stderr: exitCode > 128 ? "" : (errors[i] ?? ""),
		};
	});
}
