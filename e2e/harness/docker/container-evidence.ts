import { join } from "node:path";
import type Dockerode from "dockerode";
import { kebabCase } from "es-toolkit";
import { messageOf } from "../../common/errors.ts";
import { labels } from "../../common/labels.ts";
import { writeReportFile } from "../../common/output/report-file.ts";
import { readContainerLog } from "./container-log.ts";
import { ContainerStartError } from "./start-container.ts";

/** A node logs a lot in a minute, and the end of its log shows why it failed. */
const lastLines = 5000;

/**
 * Writes the state and the log of every container of a run into `dir`: nodes, object store, registry.
 *
 * @returns a sentence for each container that has ended, with the last line of its log
 */
export async function collectContainerEvidence(
	docker: Dockerode,
	runId: string,
	dir: string,
): Promise<string[]> {
	const folder = join(dir, "containers");
	const filters = { label: [`${labels.run}=${runId}`] };
	const containers = await docker.listContainers({ all: true, filters });
	const ended = await Promise.all(
		containers.map(async ({ Id, Names: [name = Id], State, Status }) => {
			const text = await readContainerLog(docker, Id, lastLines).catch(
				(error: unknown) => `could not be read: ${messageOf(error)}`,
			);
			const file = join(folder, `${name.replace("/", "")}.log`);
			await writeReportFile(file, `${State}, ${Status}\n${text}\n`);
			const [last = "it logged nothing"] = text.trim().split("\n").slice(-1);
			return State === "exited"
				? [`${name.replace("/", "")} has ended (${Status}): ${last}`]
				: [];
		}),
	);
	return ended.flat();
}

/** Writes the log of a container that did not start: it exists no more. @param error any; others are ignored */
export async function writeStartLog(
	error: unknown,
	dir: string,
): Promise<void> {
	if (!(error instanceof ContainerStartError)) return;
	const file = join(dir, "containers", `${kebabCase(error.container)}.log`);
	await writeReportFile(file, error.log);
}
