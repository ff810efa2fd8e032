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
	const { stdout, stderr } = await readOutput(
		docker,
		Readable.from(splitLog(log)),
	);
	return `${stdout.toString()}${stderr.toString()}`;
}

/** dockerode reads the lines of a chunk by recursion, so a whole log at once would overflow its stack. */
export function* splitLog(log: Buffer, size = 4096): Generator<Buffer> {
	for (let from = 0; from < log.length; from += size)
		yield log.subarray(from, from + size);
}
