import type { Progress } from "../../common/progress.ts";
import { processorOf } from "../docker/engine-info.ts";
import type { ArchiveIndex } from "../images/archive-source.ts";
import type { RunContext } from "../run/with-run.ts";
import { materialOptions } from "./homelab-materials.ts";
import { gatherMaterials } from "./materials.ts";
import type { SetUpOptions } from "./options.ts";

/** Gets every image that a run with these options needs into the engine. @returns the index of an archive of them */
export async function gatherImages(
	{ engine, run }: RunContext,
	options: SetUpOptions,
	progress: Progress,
): Promise<ArchiveIndex> {
	const materials = await gatherMaterials(
		engine,
		run,
		await materialOptions(options),
		progress,
	);
	return {
		source: materials.imageSource,
		architecture: processorOf(engine.info),
		components: Object.fromEntries(materials.components),
		references: materials.charts.flatMap(({ images }) => images),
	};
}
