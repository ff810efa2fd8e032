import { join } from "node:path";
import { SetUpError } from "../../../common/errors.ts";
import { testClaims } from "../../../harness/claims/claims.ts";
import type { ClaimResult } from "../../../harness/claims/summary.ts";
import type { ChartMaterials } from "../../../harness/set-up/chart-materials.ts";
import type { UpgradeContext } from "../context.ts";

/**
 * Tests the claims. The stage is part of their ids.
 *
 * @param installed the chart that is installed now
 * @throws SetUpError if the test environment fails before anything is upgraded
 */
export async function prove(
	context: UpgradeContext,
	stage: "before" | "after" | "back",
	installed: ChartMaterials,
): Promise<ClaimResult[]> {
	const { started, extent, progress } = context;
	const environment = {
		...started.environmentOf(installed),
		reportDir: join(context.reportDir, stage),
	};
	const results = await context.stage(`claims ${stage}`, () =>
		testClaims(environment, extent.only, progress),
	);
	const open = results.find(({ status }) => status === "inconclusive");
	if (open && stage === "before")
		throw new SetUpError(`${open.id} is inconclusive: ${open.message}`);
	return results.map((each) => ({ ...each, id: `${stage}/${each.id}` }));
}
