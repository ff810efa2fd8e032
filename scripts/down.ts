import { defineCommand } from "../e2e/common/command.ts";
import { exitCodes } from "../e2e/common/errors.ts";
import { connectRunningEngine } from "../e2e/harness/docker/engine.ts";
import { sweep } from "../e2e/harness/run/sweep.ts";

export const downCommand = defineCommand({
	name: "down",
	description:
		"Removes kept clusters and what dead runs left behind; runs that are alive are left alone.",
	exitCodes: { 0: "done", 2: "the Docker engine failed" },
	options: {},
	run: async () => {
		const engine = await connectRunningEngine();
		if (!engine) {
			console.log("no Docker engine answers, so there is nothing to remove");
			return exitCodes.proven;
		}
		const removed = await sweep(engine.docker, { keptToo: true });
		console.log(
			removed.length > 0
				? `removed: ${removed.join(", ")}`
				: "nothing to remove",
		);
		return exitCodes.proven;
	},
});

if (import.meta.main) await downCommand.main();
