import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type Dockerode from "dockerode";
import { messageOf } from "../../common/errors.ts";
import { labels } from "../../common/labels.ts";
import { redact } from "../../common/secrecy/redact.ts";
import { readOutput } from "./docker.ts";

/** A node says a lot in a minute; what matters of a failure is at the end. */
const lastLines = 5000;

/**
 * Writes into `dir` the state and the log of every container of a run: nodes, object store, registry.
 *
 * @returns a sentence for each that has ended, with the last line of its log
 */
export async function collectContainerEvidence(
	docker: Dockerode,
	runId: string,
	dir: string,
): Promise<string[]> {
	const folder = join(dir, "containers");
	await mkdir(folder, { recursive: true });
	const filters = { label: [`${labels.run}=${runId}`] };
	const containers = await docker.listContainers({ all: true, filters });
	const ended = await Promise.all(
		containers.map(async ({ Id, Names: [name = Id], State, Status }) => {
			const text = await readLog(docker, Id, lastLines).catch(
				(error: unknown) => `could not be read: ${messageOf(error)}`,
			);
			const file = join(folder, `${name.replace("/", "")}.log`);
			await writeFile(file, redact(`${State}, ${Status}\n${text}\n`));
			const [last = "it said nothing"] = text.trim().split("\n").slice(-1);
			return State === "exited"
				? [`${name.replace("/", "")} has ended (${Status}): ${last}`]
				: [];
		}),
	);
	return ended.flat();
}

/** A container's log, by its id or name: whole, or so many lines of its end. */
export async function readLog(
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
