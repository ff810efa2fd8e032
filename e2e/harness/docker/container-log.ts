import { Readable } from "node:stream";
import type Dockerode from "dockerode";
import { readOutput } from "./docker.ts";

/** Reads a container's log. @param id its id or name @param lines only the last ones; all by default */
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
