import { memoize } from "es-toolkit";
import type { Progress } from "../common/progress.ts";
import type { ImageSource } from "../harness/images/source.ts";
import type { RunContext } from "../harness/run/with-run.ts";
import { failureIn, makeComponentTool } from "./component-tool.ts";
import type {
	AlertmanagerFiles,
	CheckAlertmanager,
} from "./plan/monitoring/alertmanager-check.ts";

/** amtool, from the pinned image of Alertmanager. */
export function makeAmtool(
	context: Pick<RunContext, "engine" | "run">,
	source: ImageSource,
	progress: Progress,
): CheckAlertmanager {
	const amtool = makeComponentTool(
		context,
		source,
		{ component: "alertmanager", tool: "/bin/amtool" },
		progress,
	);
	return memoize(
		async ({ text, templates }: AlertmanagerFiles) => {
			const file = "alertmanager.yaml";
			const said = await amtool(["check-config", file], {
				...templates,
				[file]: text,
			});
			return said === undefined ? undefined : failureIn(said);
		},
		{ getCacheKey: (files) => JSON.stringify(files) },
	);
}
