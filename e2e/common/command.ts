import { setFlagsFromString } from "node:v8";
import { BadInputError, exitCodes, HarnessError, messageOf } from "./errors.ts";
import { InterruptedError } from "./interruption.ts";
import { redact } from "./secrecy/redact.ts";

// At its end the process waits for V8's threads, and one that compiles may wait for a garbage collection that comes no
// more (nodejs/node#54918): seen twice of Sparkplug, for ever, and told of Maglev as well.
setFlagsFromString("--no-concurrent-sparkplug");
setFlagsFromString("--no-maglev");

/** Runs a command to its exit code. What goes wrong is told in one sentence. */
export async function runCommand(
	action: () => Promise<number>,
): Promise<never> {
	let code: number;
	try {
		code = await action();
	} catch (error) {
		code =
			error instanceof HarnessError ? error.exitCode : exitCodes.setUpFailed;
		if (!(error instanceof InterruptedError)) {
			const lead = error instanceof BadInputError ? "" : "set-up failed: ";
			console.error(redact(`\n${lead}${messageOf(error)}`));
		}
		if (process.env.O11Y_E2E_DEBUG) console.error(error);
	}
	process.exit(code);
}
