import { InterruptedError } from "./command.ts";
import { exitCodes, messageOf } from "./errors.ts";
import { readOverrides } from "./overrides.ts";
import type { Progress } from "./progress.ts";
import { renderSummary, writeReport } from "./report.ts";
import type { StartedEnvironment } from "./set-up.ts";
import { type ClaimResult, type Summary, verdictOf } from "./summary.ts";

/** What a run knows so far; filled while it goes on. */
export interface RunRecord {
	started?: StartedEnvironment;
	claims: ClaimResult[];
}

/**
 * Runs `action` and writes the report of it, also where it fails or is interrupted.
 *
 * @returns the exit code of the claims' verdict
 */
export async function withReport(
	dir: string,
	progress: Progress,
	action: (record: RunRecord) => Promise<void>,
): Promise<number> {
	const record: RunRecord = { claims: [] };
	const write = async (
		outcome: Pick<Summary, "verdict" | "message">,
	): Promise<Summary> => {
		const contents: Summary = {
			...outcome,
			startedAt: progress.startedAt.toISOString(),
			seconds: (Date.now() - progress.startedAt.getTime()) / 1000,
			chart: record.started?.environment.chart ?? null,
			imageSource: record.started?.imageSource ?? null,
			standIns: [...(record.started?.standIns ?? [])],
			overrides: await readOverrides(),
			phases: progress.phases,
			claims: record.claims,
		};
		const secrets = record.started?.environment.secrets ?? [];
		await writeReport(dir, contents, secrets);
		return contents;
	};
	try {
		await action(record);
	} catch (error) {
		const verdict =
			error instanceof InterruptedError ? "interrupted" : "set-up-failed";
		await write({ verdict, message: messageOf(error) });
		throw error;
	}
	const verdict = verdictOf(record.claims);
	const contents = await write({ verdict, message: "" });
	console.log(`\n${renderSummary(contents, dir)}`);
	return verdict === "inconclusive"
		? exitCodes.setUpFailed
		: exitCodes[verdict];
}
