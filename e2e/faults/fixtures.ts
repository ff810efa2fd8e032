import { ThanosClient } from "../clients/thanos.ts";
import { startLedger } from "../ledger/writer.ts";
import { test as base, makeUniqueName } from "../test.ts";
import type { PrometheusUnderTest } from "../wal/crash.ts";

/** The claims' `test` with a ledger of each test's own: what one fault has cost is not counted again in the next. */
export const test = base
	.extend("thanos", { scope: "file" }, ({ kube, environment }) =>
		ThanosClient.inNamespace(kube, environment.namespace),
	)
	.extend(
		"subject",
		({ kube, prometheus, environment }, { onCleanup }): PrometheusUnderTest => {
			const ledger = startLedger(prometheus, {
				name: "o11y_e2e_faults_ledger",
				labels: { run: makeUniqueName(environment) },
			});
			onCleanup(() => ledger.stop());
			return { kube, prometheus, namespace: environment.namespace, ledger };
		},
	);
