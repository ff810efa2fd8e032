import { memoize } from "es-toolkit";
import type { Progress } from "../common/progress.ts";
import type { FileTree } from "../common/tar.ts";
import { runOneShot, ToolError } from "../harness/docker/one-shot.ts";
import type { ImageSource } from "../harness/images/source.ts";
import { makeRunLabels } from "../harness/run/run.ts";
import type { RunContext } from "../harness/run/with-run.ts";

/** Runs a tool on files. @returns what it printed if it ended with an error; undefined if it did not */
export type ComponentTool = (
	args: readonly string[],
	files: FileTree,
) => Promise<string | undefined>;

/**
 * A tool from the image of a component of stack/images.yaml, which is only brought if there is something to check. It
 * must print something whenever it succeeds.
 */
export function makeComponentTool(
	{ engine, run }: Pick<RunContext, "engine" | "run">,
	source: ImageSource,
	{ component, tool }: { readonly component: string; readonly tool: string },
	progress: Progress,
): ComponentTool {
	const image = memoize(async (name: string) => {
		const images = await source.provideComponents([name], progress);
		return images.get(name)?.local ?? "";
	});
	return async (args, files) => {
		try {
			await runOneShot(engine.docker, {
				...{ tool, args, files },
				image: await image(component),
				labels: makeRunLabels(run.id),
				speaks: true,
			});
			return undefined;
		} catch (error) {
			if (!(error instanceof ToolError)) throw error;
			return `${error.stdout}\n${error.stderr}`;
		}
	};
}

/** What promtool or amtool says is wrong with a configuration; the rest of its output counts what is in it. */
export function failureIn(output: string): string {
	const said = /FAILED:([\s\S]+)/.exec(output)?.[1] ?? output;
	const [reason = ""] = said.split(/\n\s*(?:amtool:|Checking )/);
	return reason
		.trim()
		.replaceAll(/\s+/g, " ")
		.replace(/[.:]+$/, "");
}
