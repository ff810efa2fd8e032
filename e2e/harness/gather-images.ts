import type { Engine } from "./engine/engine.ts";
import type { ArchiveIndex } from "./images/archive-source.ts";
import { gatherMaterials } from "./materials.ts";
import type { SetUpOptions } from "./options.ts";
import type { Progress } from "./progress.ts";
import { beginRun } from "./run.ts";
import { removeRun } from "./sweep.ts";

/** Gets every image that a run with these options needs into the engine, and lists them. */
export async function gatherImages(
	engine: Engine,
	options: SetUpOptions,
	progress: Progress,
): Promise<ArchiveIndex> {
	const run = await beginRun();
	const network = `o11y-e2e-${run.id}`;
	try {
		await engine.docker.createNetwork({
			Name: network,
			Labels: { ...run.labels },
		});
		const materials = await gatherMaterials(
			engine,
			run,
			network,
			options,
			progress,
		);
		return {
			source: materials.imageSource,
			architecture: process.arch,
			components: Object.fromEntries(materials.components),
			references: [...materials.chartImages],
		};
	} finally {
		await removeRun(engine.docker, run.id);
		await run.end();
	}
}
