import { defineCommand } from "../e2e/common/command.ts";
import { listOption } from "../e2e/common/command-options.ts";
import { BadInputError, exitCodes } from "../e2e/common/errors.ts";
import { print, printError } from "../e2e/common/output/terminal.ts";
import { connectRunningEngine } from "../e2e/harness/docker/engine.ts";
import { isThere, removeRun, sweep } from "../e2e/harness/run/sweep.ts";

export const downCommand = defineCommand({
	name: "down",
	description:
		"Removes kept clusters and what dead runs left behind; runs that are alive are left alone, and so are those of other users and machines.",
	exitCodes: { 0: "done", 2: "something could not be removed" },
	options: {
		run: listOption(
			"--run <id>",
			"only this run, whoever's it is, and even if it is alive",
		),
	},
	run: async ({ run: ids }) => {
		const engine = await connectRunningEngine();
		if (!engine) {
			print("no Docker engine answers, so there is nothing to remove");
			return exitCodes.proven;
		}
		if (ids.length > 0) {
			for (const id of ids)
				if (!(await isThere(engine.docker, id)))
					throw new BadInputError(
						`--run ${id}: the Docker engine has nothing of such a run`,
					);
			for (const id of ids) await removeRun(engine.docker, id);
			print(`removed: ${ids.join(", ")}`);
			return exitCodes.proven;
		}
		const { removed, problems, alive, others } = await sweep(engine.docker, {
			keptToo: true,
		});
		print(
			removed.length > 0
				? `removed: ${removed.join(", ")}`
				: "nothing to remove",
		);
		if (alive.length > 0)
			print(
				`left alone, because they are still under way or tidy up: ${alive.join(", ")} (npm run down -- --run <id> removes one)`,
			);
		if (others.length > 0)
			print(
				`left alone, because only their own users and machines know whether they are alive: ${others.join(", ")} (npm run down -- --run <id> removes one)`,
			);
		for (const problem of problems) printError(problem);
		return problems.length === 0 ? exitCodes.proven : exitCodes.setUpFailed;
	},
});

if (import.meta.main) await downCommand.main();
