import { ThanosClient } from "../clients/thanos.ts";
import { startLedger } from "../ledger/writer.ts";
import { test as base, makeUniqueName } from "../test.ts";
import type { PrometheusUnderTest } from "../wal/under-test.ts";

/** The claims' `test`. Each test has a ledger of its own, so that the next one does not count the cost of its fault. */
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
