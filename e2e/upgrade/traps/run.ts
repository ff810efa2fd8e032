import { join } from "node:path";
import Table from "cli-table3";
import { refuseExposed } from "../../common/output/report-file.ts";
import { print } from "../../common/output/terminal.ts";
import type { Progress } from "../../common/progress.ts";
import { withRun } from "../../harness/run/with-run.ts";
import { materialOptions } from "../../harness/set-up/homelab-materials.ts";
import type { SetUpOptions } from "../../harness/set-up/options.ts";
import { setUpWithEvidence } from "../../harness/set-up/set-up-with-evidence.ts";
import type { Trap } from "./catalogue.ts";
import { tryOutTrap } from "./try-out.ts";

/** Upgrades into traps on one cluster and prints what each showed. @returns whether every trap was found */
export async function runTraps(
	traps: readonly Trap[],
	setUp: SetUpOptions,
	reportDir: string,
	progress: Progress,
): Promise<boolean> {
	const table = new Table({
		head: ["trap", "must show", "showed", "time"],
		style: { head: [], border: [] },
		wordWrap: true,
		colWidths: [32, 36, 50, 9],
	});
	let missed = 0;
	await withRun(progress, async ({ engine, run }) => {
		const materials = {
			...(await materialOptions(setUp)),
			addons: [],
			pages: false,
		};
		const session = { materials, reportDir };
		const started = await setUpWithEvidence(engine, run, session, progress);
		const folders = { charts: join(run.tempDir, "traps"), reports: reportDir };
		for (const [i, trap] of traps.entries()) {
			progress.say(`trap ${i + 1} of ${traps.length}: ${trap.id}`);
			const began = performance.now();
			const found = await tryOutTrap(trap, started, folders, progress);
			const seconds = (performance.now() - began) / 1000;
			const wanted = trap.full?.expect ?? [];
			if (!wanted.every((id) => found.includes(id))) missed += 1;
			progress.say(`trap ${trap.id}: ${found.join(", ") || "nothing"}`);
			table.push([
				trap.id,
				wanted.join(", "),
				found.join(", "),
				`${seconds.toFixed(0)} s`,
			]);
		}
	});
	await refuseExposed(reportDir);
	print(table.toString());
	print(`${traps.length - missed} of ${traps.length} as expected`);
	return missed === 0;
}
