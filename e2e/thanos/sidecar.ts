import type { Pod } from "../clients/kube-objects.ts";
import type { PrometheusClient } from "../clients/prometheus.ts";
import type { ThanosClient } from "../clients/thanos.ts";
import { budgets } from "../common/budgets.ts";
import { clusterNow } from "../common/clock/cluster-clock.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { makeSelector } from "../common/promql/expressions.ts";
import { describeNarrowing, whyTooShort } from "./arguments.ts";
import { targetLabels } from "./external-labels.ts";
import { seriesCount } from "./old-block.ts";
import { findStores } from "./stores.ts";

/** The arguments of the sidecar in a pod of Prometheus. */
export function argumentsOfSidecar({ spec }: Pod): string[] {
	return spec.containers
		.filter(({ name }) => name === "thanos-sidecar")
		.flatMap(({ args }) => args);
}

/** A sentence for each pod of Prometheus whose sidecar does not answer what is not uploaded yet. */
export function findShortSidecars(
	pods: readonly Pod[],
	blockSize: string,
): string[] {
	return pods.flatMap((pod) => {
		const args = argumentsOfSidecar(pod);
		const why = whyTooShort(args, blockSize, clusterNow());
		return why ? [`${pod.metadata.name}: ${why}`] : [];
	});
}

/** Different series, as many as a page of dashboards reads. */
function makeMany(run: string): Readonly<Record<string, string>>[] {
	const alike = targetLabels.flatMap((label) =>
		["one", "other"].map((value) => ({ part: `by ${label}`, [label]: value })),
	);
	const others = Array.from({ length: seriesCount - alike.length }, (_, i) => ({
		part: String(i),
	}));
	return [...alike, ...others].map((labels) => ({ ...labels, run }));
}

/**
 * Writes as many series as a page of dashboards reads, and waits until the sidecar of that pod answers all of them.
 *
 * @param readArgs the query's arguments
 */
export async function waitForManySeries(
	thanos: ThanosClient,
	prometheus: PrometheusClient,
	pod: Pod,
	run: string,
	readArgs: () => Promise<readonly string[]>,
): Promise<void> {
	const name = "o11y_e2e_many";
	const written = clusterNow();
	await prometheus.write(
		makeMany(run).map((labels) => ({
			labels: { ...labels, __name__: name },
			samples: [{ timestamp: written, value: 1 }],
		})),
		budgets.request,
	);
	await eventually(
		`Thanos answers ${seriesCount} series that only Prometheus has, of which some differ in one of ${targetLabels.join(", ")} alone`,
		budgets.request,
		async () => {
			const { sidecar } = findStores(await thanos.stores(), pod);
			const [count] = await thanos.query(
				`count(${makeSelector(name, { run })})`,
				written + 1000,
				sidecar.names,
			);
			const seen = count?.value.value ?? 0;
			if (seen !== seriesCount)
				return notYet(
					`its sidecar answers ${seen}${describeNarrowing(argumentsOfSidecar(pod))}${describeNarrowing(await readArgs(), "the query")}`,
				);
		},
	);
}
