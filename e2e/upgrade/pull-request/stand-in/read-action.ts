import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import { projectPath } from "../../../common/paths.ts";

const step = z.strictObject({
	id: z.string().optional(),
	if: z.string().optional(),
	shell: z.literal("bash").optional(),
	env: z.record(z.string(), z.string()).default({}),
	run: z.string().optional(),
	uses: z.string().optional(),
	with: z.record(z.string(), z.unknown()).optional(),
	"continue-on-error": z.boolean().optional(),
});
const form = z.strictObject({
	name: z.string(),
	description: z.string(),
	inputs: z.record(
		z.string(),
		z.strictObject({ description: z.string(), default: z.string() }),
	),
	outputs: z.record(
		z.string(),
		z.strictObject({ description: z.string(), value: z.string() }),
	),
	runs: z.strictObject({
		using: z.literal("composite"),
		steps: z.array(step),
	}),
});

/** For tests: action.yml, which must have no field but these. */
export async function readAction() {
	const text = await readFile(projectPath("action.yml"), "utf8");
	const { runs, inputs } = form.parse(parse(text));
	const [judge, , comment, verdict] = runs.steps;
	return { text, inputs, ...runs, judge, comment, verdict };
}
