import { runCommand } from "../e2e/common/command.ts";
import { exitCodes } from "../e2e/common/errors.ts";
import { connectRunningEngine } from "../e2e/harness/docker/engine.ts";
import { sweep } from "../e2e/harness/run/sweep.ts";
import { makeCommand, parseArguments } from "../e2e/harness/set-up/options.ts";

const command = makeCommand(
	"down",
	"Removes kept clusters and what dead runs left behind; runs that are alive are left alone.",
);

await runCommand(async () => {
	if (!parseArguments(command, process.argv.slice(2))) return exitCodes.proven;
	const engine = await connectRunningEngine();
	if (!engine) {
		console.log("no Docker engine answers, so nothing of a run can be there");
		return exitCodes.proven;
	}
	const removed = await sweep(engine.docker, { keptToo: true });
	console.log(
		removed.length > 0 ? `removed: ${removed.join(", ")}` : "nothing to remove",
	);
	return exitCodes.proven;
});
