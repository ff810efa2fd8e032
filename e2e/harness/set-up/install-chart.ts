import { retry } from "es-toolkit";
import { budgets } from "../../common/budgets.ts";
import { messageOf, SetUpError } from "../../common/errors.ts";
import type { LoadedChart } from "../chart/loaded-chart.ts";

/** What Helm says of requests that the API server has given up: it does so after 34 s, however slow the machine is. */
const givenUp =
	/request did not complete within requested timeout|unable to return a response in the time allotted|etcdserver: request timed out|TLS handshake timeout/;

/** What Helm says next if the API server has also given up the record that it failed: to Helm, it is still at work. */
const stillAtWork = /another operation .*is in progress/;

/**
 * Installs the chart. Where the API server has given up some objects, Helm goes on with what is missing, for as long as a
 * rollout may take.
 *
 * @param say gets a sentence each time
 */
export async function installChart(
	helm: Pick<LoadedChart, "install">,
	kubeconfig: string,
	say: (line: string) => void,
): Promise<void> {
	const began = performance.now();
	let first: string | undefined;
	await retry(
		() =>
			helm.install(kubeconfig, undefined, [
				`--timeout=${budgets.hook / 1000}s`,
			]),
		{
			retries: Number.POSITIVE_INFINITY,
			shouldRetry: (error) => {
				if (!(error instanceof Error) || !givenUp.test(error.message))
					return false;
				if (performance.now() - began > budgets.rollout) return false;
				first ??= error.message;
				say(
					"the API server gave up some of the chart's objects for lack of time: Helm goes on with them",
				);
				return true;
			},
		},
	).catch((error: unknown) => {
		if (first === undefined || !stillAtWork.test(messageOf(error))) throw error;
		throw new SetUpError(
			`${first}; Helm could not record that either, so it does not go on`,
			{ cause: error },
		);
	});
}
