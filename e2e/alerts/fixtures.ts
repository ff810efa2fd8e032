import { randomBytes } from "node:crypto";
import { tidyUp } from "../common/tidy-up.ts";
import { test as base } from "../test.ts";
import { waitUntilConfigIsLoaded } from "./delivery.ts";
import { parseConfig } from "./loaded-config.ts";
import { Planting } from "./planting.ts";

/** The claims' `test` with what the alerts claim needs besides. */
export const test = base
	/** What Alertmanager runs, which is what the operator rendered last. */
	.extend("config", async ({ kube, alertmanager, environment }) => {
		await waitUntilConfigIsLoaded(kube, alertmanager, environment.namespace);
		return parseConfig(await alertmanager.config());
	})
	/** Alerts that no other test has, not fired yet. */
	.extend(
		"planting",
		(
			{ kube, prometheus, alertmanager, environment, namespace },
			{ onCleanup },
		) => {
			const planting = new Planting(
				{
					kube,
					prometheus,
					alertmanager,
					stackNamespace: environment.namespace,
					namespace,
				},
				randomBytes(4).toString("hex"),
			);
			onCleanup(
				tidyUp("withdrawal of the planted alerts", () => planting.withdraw()),
			);
			return planting;
		},
	);
