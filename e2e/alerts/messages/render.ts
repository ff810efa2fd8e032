import { mapKeys } from "es-toolkit";
import type { FileTree } from "../../common/tar.ts";
import type { Tools } from "../../harness/cluster/tools.ts";
import { ToolError } from "../../harness/docker/one-shot.ts";
import type { AlertLabels } from "../matchers.ts";
import type { TreeRoute } from "../route-tree.ts";

/** Where amtool finds the files of `templates`. */
const folder = "templates";
/** Fields may all be empty, and a tool that speaks is known to have run. */
const end = "end of the message";

/** What amtool makes of templates one after the other: their text, or why it refuses them, in its own words. */
type Rendered =
	| { readonly text: string; readonly refused?: never }
	| { readonly text?: never; readonly refused: string };

/**
 * Renders templates as Alertmanager does, by amtool.
 *
 * @param data what Alertmanager gives to them
 * @param files those of the configuration's `templates`
 */
export async function renderTemplates(
	tools: Pick<Tools, "amtool">,
	texts: readonly string[],
	data: object,
	files: FileTree,
): Promise<Rendered> {
	try {
		const { stdout } = await tools.amtool(
			[
				"template",
				"render",
				`--template.glob=${folder}/*/*`,
				"--template.data=data.json",
				`--template.text=${[...texts, end].join("\n")}`,
			],
			{
				files: {
					...mapKeys(files, (_, file) => `${folder}/${file}`),
					"data.json": JSON.stringify(data),
				},
				speaks: true,
			},
		);
		return { text: stdout.trimEnd().replace(new RegExp(`${end}$`), "") };
	} catch (error) {
		const words =
			error instanceof ToolError &&
			/template: .*?(?=, try --help|\s*$)/m.exec(error.stderr)?.[0];
		if (!words) throw error;
		return { refused: words };
	}
}

/** What every alert has that comes by a route. */
export function labelsOfRoute({
	matchers,
}: Pick<TreeRoute, "matchers">): AlertLabels {
	return Object.fromEntries(
		matchers
			.filter(({ operator, value }) => operator === "=" && value !== "")
			.map(({ label, value }) => [label, value]),
	);
}
