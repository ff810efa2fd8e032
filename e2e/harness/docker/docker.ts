import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import type Dockerode from "dockerode";
import { z } from "zod";

/** Reads the output of a process without a terminal until it ends. */
export async function readOutput(
	docker: Dockerode,
	stream: NodeJS.ReadableStream,
): Promise<{ stdout: Buffer; stderr: Buffer }> {
	const out = new PassThrough();
	const err = new PassThrough();
	docker.modem.demuxStream(stream, out, err);
	const end = () => {
		out.end();
		err.end();
	};
	stream
		.once("end", end)
		.once("close", end)
		.once("error", (error) => out.destroy(error));
	const [stdout, stderr] = await Promise.all([buffer(out), buffer(err)]);
	return { stdout, stderr };
}

/** Runs a command in a running container and waits until it ends. @param stdin the command's standard input */
export async function execInContainer(
	docker: Dockerode,
	container: Dockerode.Container,
	command: readonly string[],
	stdin?: Uint8Array,
): Promise<{ exitCode: number | null; stdout: Buffer; stderr: Buffer }> {
	const exec = await container.exec({
		Cmd: [...command],
		AttachStdin: stdin !== undefined,
		AttachStdout: true,
		AttachStderr: true,
	});
	const stream = await exec.start({
		hijack: true,
		stdin: stdin !== undefined,
	});
	const output = readOutput(docker, stream);
	if (stdin !== undefined) stream.end(stdin);
	const { stdout, stderr } = await output;
	const { ExitCode: exitCode } = await exec.inspect();
	return { exitCode, stdout, stderr };
}

/** What the engine says of a pull, push, import or load, a line each. */
const progressLines = z.array(z.looseObject({ error: z.string().optional() }));

/** Resolves when a pull, push, import or load is done. @throws the error that its progress reports */
export function untilDone(
	docker: Dockerode,
	progress: NodeJS.ReadableStream,
): Promise<void> {
	return new Promise((resolve, reject) => {
		docker.modem.followProgress(progress, (error, lines: unknown) => {
			// The answer begins with 200: a failure after that is only in its lines.
			const failed = progressLines
				.parse(lines ?? [])
				.find((line) => line.error !== undefined);
			const failure = error ?? (failed && new Error(failed.error));
			if (failure) reject(failure);
			else resolve();
		});
	});
}

/** Whether Docker answered that something does not exist. */
export function isAbsent(error: unknown): boolean {
	return dockerStatusOf(error) === 404;
}

/** The HTTP status of Docker's answer; undefined for any other error. */
export function dockerStatusOf(error: unknown): unknown {
	return error instanceof Error && "statusCode" in error
		? error.statusCode
		: undefined;
}

/** Docker's HostConfig of every container of a run. A node logs some megabytes in ten minutes, and a kept cluster stays for days. */
export const runHostConfig = {
	LogConfig: {
		Type: "json-file",
		Config: { "max-size": "64m", "max-file": "2" },
	},
};
