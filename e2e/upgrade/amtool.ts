import { memoize } from "es-toolkit";
import type { Progress } from "../common/progress.ts";
import { runOneShot, ToolError } from "../harness/docker/one-shot.ts";
import type { ImageSource } from "../harness/images/source.ts";
import { makeRunLabels } from "../harness/run/run.ts";
import type { RunContext } from "../harness/run/with-run.ts";
import type { CheckAlertmanager } from "./plan/monitoring/alertmanager-check.ts";

/** amtool, from the image of Alertmanager, which is only brought if there is something to check. */
export function makeAmtool(
	{ engine, run }: Pick<RunContext, "engine" | "run">,
	source: ImageSource,
	progress: Progress,
): CheckAlertmanager {
	const image = memoize(async (component: string) => {
		const images = await source.provideComponents([component], progress);
		return images.get(component)?.local ?? "";
	});
	return memoize(async (text: string) => {
		const file = "alertmanager.yaml";
		try {
			await runOneShot(engine.docker, {
				image: await image("alertmanager"),
				tool: "/bin/amtool",
				args: ["check-config", file],
				files: { [file]: text },
				labels: makeRunLabels(run.id),
				speaks: true,
			});
			return undefined;
		} catch (error) {
			if (!(error instanceof ToolError)) throw error;
			return reasonIn(`${error.stdout}\n${error.stderr}`);
		}
	});
}

/** What amtool says is wrong; the rest of its output counts receivers and routes. */
function reasonIn(output: string): string {
	const said = /FAILED:([\s\S]+)/.exec(output)?.[1] ?? output;
	const [reason = ""] = said.split(/\n\s*(?:amtool:|Checking )/);
	return reason
		.trim()
		.replaceAll(/\s+/g, " ")
		.replace(/[.:]+$/, "");
}
