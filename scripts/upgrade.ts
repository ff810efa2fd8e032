import { join, relative } from "node:path";
import { defineCommand } from "../e2e/common/command.ts";
import { exitCodes } from "../e2e/common/errors.ts";
import { print } from "../e2e/common/output/terminal.ts";
import { Progress } from "../e2e/common/progress.ts";
import { answerUpgrade } from "../e2e/upgrade/answer.ts";
import {
	type RawUpgradeOptions,
	readUpgradeOptions,
	upgradeOptions,
} from "../e2e/upgrade/options.ts";
import { renderText } from "../e2e/upgrade/report/text.ts";
import { answerFromRepository } from "../e2e/upgrade/repository/command.ts";

const verdictCodes = {
	safe: exitCodes.proven,
	review: exitCodes.review,
	unsafe: exitCodes.refuted,
	inconclusive: exitCodes.setUpFailed,
};

export const upgradeCommand = defineCommand({
	name: "upgrade",
	description:
		"Says whether a chart can be upgraded from one version to another: safe, review or unsafe, with every reason.",
	exitCodes: {
		0: "safe",
		1: "unsafe",
		2: "set-up failed or inconclusive",
		4: "review",
	},
	options: upgradeOptions,
	run: (raw) =>
		raw.repo === undefined
			? answerForCharts(raw)
			: answerFromRepository(raw.repo, raw),
});

async function answerForCharts(raw: RawUpgradeOptions): Promise<number> {
	const { report, dir } = await answerUpgrade(
		await readUpgradeOptions(raw),
		new Progress(),
	);
	print(`\n${renderText(report, process.stdout.columns)}`);
	print(`report: ${relative(process.cwd(), join(dir, "report.html"))}`);
	return verdictCodes[report.verdict];
}

if (import.meta.main) await upgradeCommand.main();
