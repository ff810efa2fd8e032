import { execaNode } from "execa";
import { z } from "zod";
import type { Environment } from "../common/environment.ts";
import { SetUpError } from "../common/errors.ts";
import { stopSignal } from "../common/interruption.ts";
import { refuseExposed } from "../common/output/report-file.ts";
import { parseJsonAs } from "../common/parsing/parse-as.ts";
import { projectPath } from "../common/paths.ts";
import { rememberedSecrets } from "../common/secrecy/redact.ts";
import { claimResult } from "../harness/claims/summary.ts";

/** What the process that tests the claims is told. */
export interface ClaimsOrder {
	readonly environment: Environment;
	/** Ids; if empty, all claims. */
	readonly only: readonly string[];
	/** What it must blank. */
	readonly secrets: readonly string[];
}

const claimsOutcome = z.object({
	/** From its start until the last claim was judged. */
	seconds: z.number(),
	claims: z.array(claimResult),
	/** Of each claim, by its id. */
	requests: z.record(z.string(), z.record(z.string(), z.number())),
	/** The most memory that the process has had, its workers included. */
	peakMebibytes: z.number(),
});
/** What it answers. */
export type ClaimsOutcome = z.infer<typeof claimsOutcome>;

/** As the process of a command runs: see e2e/common/command.ts. */
const nodeOptions = [
	"--no-concurrent-sparkplug",
	"--no-maglev",
	"--max-semi-space-size=2",
];

/** Tests the claims in a process of its own. @throws SetUpError if it ends without an answer */
export async function testInProcess(
	environment: Environment,
	only: readonly string[],
): Promise<ClaimsOutcome> {
	const order: ClaimsOrder = {
		environment,
		only,
		secrets: rememberedSecrets(),
	};
	const { ipcOutput, failed, exitCode, signal } = await execaNode(
		projectPath("e2e", "bench", "claims-process.ts"),
		[],
		{
			ipcInput: JSON.stringify(order),
			nodeOptions,
			nodePath: process.execPath,
			stdin: "ignore",
			stdout: "inherit",
			stderr: "inherit",
			cancelSignal: stopSignal,
			reject: false,
		},
	);
	const [answer] = ipcOutput;
	if (failed || answer === undefined)
		throw new SetUpError(
			`the process that tests the claims ended with ${signal ?? `exit code ${exitCode}`}, without an answer`,
		);
	await refuseExposed(environment.reportDir);
	return parseJsonAs(
		claimsOutcome,
		String(answer),
		"what the process that tests the claims has answered",
	);
}
