import type { Progress } from "../../common/progress.ts";
import { processorOf } from "../docker/engine-info.ts";
import type { ArchiveIndex } from "../images/archive-source.ts";
import type { RunContext } from "../run/with-run.ts";
import { materialOptions } from "./homelab-materials.ts";
import { gatherMaterials } from "./materials.ts";
import type { SetUpOptions } from "./options.ts";

/**
 * Gets every image that a run with these options needs into the engine.
 *
 * @param others options of further runs, whose charts count, too
 * @returns the index of an archive of them
 */
export async function gatherImages(
	{ engine, run }: RunContext,
	options: SetUpOptions,
	progress: Progress,
	others: readonly SetUpOptions[] = [],
): Promise<ArchiveIndex> {
	const first = await materialOptions(options);
	const further = await Promise.all(others.map(materialOptions));
	const charts = [first, ...further].flatMap((each) => each.charts);
	const materials = await gatherMaterials(
		engine,
		run,
		{ ...first, charts },
		progress,
	);
	return {
		source: materials.imageSource,
		architecture: processorOf(engine.info),
		components: Object.fromEntries(materials.components),
		references: materials.charts.flatMap(({ images }) => images),
	};
}
