import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import type Dockerode from "dockerode";
import { getContainerRuntimeClient } from "testcontainers";

/** The Docker engine that the run's containers live in. */
export async function connectDocker(): Promise<Dockerode> {
	const client = await getContainerRuntimeClient();
	return client.container.dockerode;
}

/** Reads what a process without a terminal says, until it ends. */
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
	stream.once("end", end).once("close", end);
	const [stdout, stderr] = await Promise.all([buffer(out), buffer(err)]);
	return { stdout, stderr };
}

/** Runs a command in a container that is running, with what it is to read, and waits for its end. */
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
	const said = await output;
	const { ExitCode: exitCode } = await exec.inspect();
	return { exitCode, ...said };
}

/** Resolves when a pull, push, import or load is done. @throws the error that its progress tells of */
export function untilDone(
	docker: Dockerode,
	progress: NodeJS.ReadableStream,
): Promise<void> {
	return new Promise((resolve, reject) => {
		docker.modem.followProgress(progress, (error) =>
			error ? reject(error) : resolve(),
		);
	});
}

/** Whether Docker answered that a thing is not there. */
export function isAbsent(error: unknown): boolean {
	return (
		error instanceof Error && "statusCode" in error && error.statusCode === 404
	);
}
