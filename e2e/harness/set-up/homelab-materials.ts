import { addons } from "./addons/addons.ts";
import {
	homelabValues,
	testDefaults,
	testOverrides,
} from "./homelab-values.ts";
import type { MaterialOptions } from "./materials.ts";
import type { SetUpOptions } from "./options.ts";

/** Makes the options for the homelab with its addons, the person's values and the test's own. */
export async function materialOptions({
	chart,
	chartVersion,
	values,
	images,
	k3sVersion,
	snapshotter,
}: SetUpOptions): Promise<MaterialOptions> {
	return {
		images,
		k3sVersion,
		snapshotter,
		charts: [
			{
				chart: { chart, version: chartVersion },
				values: [
					await homelabValues(),
					await testDefaults(),
					...values,
					await testOverrides(),
				],
			},
		],
		likelyToo: values.length === 0,
		addons,
		pages: true,
	};
}
