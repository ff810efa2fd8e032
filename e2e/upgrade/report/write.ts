import { join } from "node:path";
import {
	refuseExposed,
	writeReportFile,
} from "../../common/output/report-file.ts";
import { cleanAll } from "../../common/secrecy/redact.ts";
import { emptyReportFolder } from "../../harness/report/begin.ts";
import type { UpgradeReport } from "./contents.ts";
import { renderHtml } from "./html.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";

const files = ["report.html", "report.json", "report.md", "junit.xml"] as const;

/** Makes the report's folder and removes what an earlier report left in it. @throws BadInputError */
export async function beginUpgradeReport(dir: string): Promise<void> {
	const folders = ["evidence", "before", "after", "back"];
	await emptyReportFolder(dir, [...files, ...folders]);
}

/** Writes the report in all its forms. @returns it with secrets blanked */
export async function writeUpgradeReport(
	dir: string,
	raw: UpgradeReport,
): Promise<UpgradeReport> {
	const report = cleanAll(raw);
	const contents: Record<(typeof files)[number], string> = {
		"report.html": await renderHtml(report),
		"report.json": `${JSON.stringify(report, null, 2)}\n`,
		"report.md": renderMarkdown(report),
		"junit.xml": renderJunit(report),
	};
	for (const name of files)
		await writeReportFile(join(dir, name), contents[name]);
	await refuseExposed(dir);
	return report;
}
