import { Readable } from "node:stream";
import type Dockerode from "dockerode";
import { readOutput } from "./docker.ts";

/** A container's log, by its id or name: whole, or its last `lines`. */
export async function readContainerLog(
	docker: Dockerode,
	id: string,
	lines?: number,
): Promise<string> {
	const log = await docker.getContainer(id).logs({
		follow: false,
		stdout: true,
		stderr: true,
		...(lines && { tail: lines }),
	});
	const { stdout, stderr } = await readOutput(docker, Readable.from([log]));
	return `${stdout.toString()}${stderr.toString()}`;
}
