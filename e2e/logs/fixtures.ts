import { test as base } from "../alerts/fixtures.ts";
import { homelabTenant, LokiClient } from "../clients/loki.ts";
import { tidyUp } from "../common/tidy-up.ts";
import { makeUniqueName } from "../test.ts";
import { RulePlanting } from "./rule-planting.ts";

/** The alerts' `test` with fixtures for logs. */
export const test = base
	/** Loki as the homelab's tenant. */
	.extend("loki", { scope: "file" }, ({ kube }) =>
		LokiClient.inCluster(kube, homelabTenant),
	)
	/** Labels of a log stream that no other test uses. */
	.extend("stream", ({ environment }) => ({
		app: "e2e",
		e2e_run: makeUniqueName(environment),
	}))
	/** Rules about that stream. */
	.extend("lokiRules", ({ loki, stream }, { onCleanup }) => {
		const planting = new RulePlanting(loki, stream.e2e_run);
		onCleanup(tidyUp("withdrawal of Loki's rules", () => planting.withdraw()));
		return planting;
	});
