import { formatDuration } from "../common/duration.ts";
import type { Tools } from "../harness/cluster/tools.ts";
import {
	type AlertmanagerConfig,
	destinationOf,
	makeNumberedConfig,
} from "./loaded-config.ts";
import type { ExpectedRoute } from "./routing-table.ts";

/** Where Alertmanager routes a set of labels. */
export interface PickedRoute {
	readonly labels: ExpectedRoute["labels"];
	/** `slack`, `nobody`, or a description of anything else; several if routes continue. */
	readonly goesTo: string;
	/** The repeat interval, e.g. `1h`. */
	readonly repeats: string;
}

/** Asks amtool, which uses Alertmanager's own routing code, which route a loaded configuration picks. */
export async function pickRoute(
	tools: Pick<Tools, "amtool">,
	config: AlertmanagerConfig,
	labels: ExpectedRoute["labels"],
): Promise<PickedRoute> {
	const { yaml, routes } = makeNumberedConfig(config);
	const { stdout } = await tools.amtool(
		[
			"config",
			"routes",
			"test",
			"--config.file=alertmanager.yaml",
			...Object.entries(labels).map(([name, value]) => `${name}=${value}`),
		],
		{ files: { "alertmanager.yaml": yaml }, speaks: true },
	);
	const picked = stdout
		.trim()
		.split(/[,\s]+/)
		.map((name) => {
			const route = routes.get(name);
			if (!route)
				throw new Error(`amtool answered ${JSON.stringify(stdout)}, no route`);
			return route;
		});
	return {
		labels,
		goesTo: picked
			.map(({ receiver }) => destinationOf(config, receiver))
			.join(", and to "),
		repeats: picked
			.map(({ repeatInterval }) => formatDuration(repeatInterval))
			.join(", and every "),
	};
}
