import { chooseByName } from "../e2e/common/choose.ts";
import { defineCommand } from "../e2e/common/command.ts";
import { listOption, patienceOption } from "../e2e/common/command-options.ts";
import { exitCodes } from "../e2e/common/errors.ts";
import { projectPath } from "../e2e/common/paths.ts";
import { Progress } from "../e2e/common/progress.ts";
import {
	caFileOption,
	imagesOption,
	readSetUpOptions,
	snapshotterOption,
} from "../e2e/harness/set-up/options.ts";
import { beginUpgradeReport } from "../e2e/upgrade/report/write.ts";
import { readTraps } from "../e2e/upgrade/traps/catalogue.ts";
import { runTraps } from "../e2e/upgrade/traps/run.ts";

export const upgradeTrapsCommand = defineCommand({
	name: "upgrade:traps",
	description:
		"Upgrades into the traps of e2e/upgrade/traps/ that need a real cluster, on one cluster, and checks that each is found.",
	exitCodes: { 0: "all found", 1: "one was not", 2: "set-up failed" },
	options: {
		only: listOption("--only <id>", "only this trap"),
		images: imagesOption,
		caFile: caFileOption,
		snapshotter: snapshotterOption,
		patience: patienceOption,
	},
	run: async ({ only, images, caFile, snapshotter }) => {
		// The traps are edits of this chart.
		const setUp = await readSetUpOptions({
			chart: "embedded",
			values: [],
			images,
			caFile,
			snapshotter,
		});
		const traps = chooseByName(
			"traps",
			(await readTraps()).filter(({ full }) => full),
			only,
			({ id }) => [id],
		);
		const reportDir = projectPath("upgrade-report", "traps");
		await beginUpgradeReport(reportDir);
		const passed = await runTraps(traps, setUp, reportDir, new Progress());
		return passed ? exitCodes.proven : exitCodes.refuted;
	},
});

if (import.meta.main) await upgradeTrapsCommand.main();
