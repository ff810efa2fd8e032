import type { Progress } from "../common/progress.ts";
import { parseImageReference } from "../harness/images/reference.ts";
import type { ImageSource } from "../harness/images/source.ts";
import { componentNamed, readComponents } from "../harness/images/spec.ts";
import type { RunContext } from "../harness/run/with-run.ts";
import { failureIn, makeComponentTool } from "./component-tool.ts";
import type { CheckPrometheus } from "./plan/monitoring/prometheus-check.ts";
import { versionIn } from "./plan/objects/image-versions.ts";

/** promtool, from the pinned image of Prometheus. */
export async function makePromtool(
	context: Pick<RunContext, "engine" | "run">,
	source: ImageSource,
	progress: Progress,
): Promise<CheckPrometheus> {
	const component = "prometheus";
	const promtool = makeComponentTool(
		context,
		source,
		{ component, tool: "/bin/promtool" },
		progress,
	);
	const { upstream } = componentNamed(await readComponents(), component);
	return {
		// A digest has no version in it, and a registry may have a port.
		version:
			upstream === undefined
				? undefined
				: versionIn(parseImageReference(upstream).tag),
		rules: async (files, features) => {
			const said = await promtool(
				[
					"check",
					"rules",
					"--lint=none",
					...features.map((feature) => `--enable-feature=${feature}`),
					...Object.keys(files),
				],
				files,
			);
			return errorsByFile(said ?? "", Object.keys(files));
		},
		configuration: async (text) => {
			const file = "prometheus.yaml";
			const said = await promtool(
				// The files that a configuration names are not there.
				["check", "config", "--syntax-only", file],
				{ [file]: text },
			);
			return said === undefined
				? undefined
				: failureIn(said).replace(`parsing YAML file ${file}: `, "");
		},
	};
}

/**
 * What promtool says against each file, e.g. `a.yaml: 4:22: group "own", rule 1, "A": could not parse expression: ...`.
 * The place is left out, and lines that begin with a blank belong to the one before.
 */
export function errorsByFile(
	output: string,
	files: readonly string[],
): Map<string, string[]> {
	const errors = new Map<string, string[]>();
	for (const line of output.split("\n")) {
		const [, file = "", said = ""] =
			/^([^\s:]+): (?:\d+:\d+: )*(.*)$/.exec(line) ?? [];
		const own = [...errors.values()].at(-1);
		if (files.includes(file))
			errors.set(file, [...(errors.get(file) ?? []), said]);
		else if (/^\s+\S/.test(line) && !/^\s+(SUCCESS|FAILED)/.test(line) && own)
			own.push(`${own.pop()} ${line.trim()}`);
	}
	return errors;
}
