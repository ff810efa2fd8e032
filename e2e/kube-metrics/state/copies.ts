import type { StateSource } from "./state-source.ts";

/**
 * How many targets of a job report the same, by labels that name it: whoever counts objects counts each so many times.
 * Another job may report it, too, such as one that finds Services by their annotations: who counts names a job.
 */
export function copiesOf(expression: string, by: readonly string[]): string {
	const labels = by.join(", ");
	return `max by (${labels}) (count by (job, ${labels}) (group by (job, instance, ${labels}) (${expression})))`;
}

/** Which pools scrape several pods of kube-state-metrics, as clauses. */
export function describeReplicas({
	targets,
}: Pick<StateSource, "targets">): string[] {
	const pools = Map.groupBy(targets, ({ scrapePool }) => scrapePool);
	return [...pools].flatMap(([pool, own]) => {
		const { size } = new Set(own.map(({ labels }) => labels.pod));
		return size > 1
			? [
					`pool ${pool} scrapes ${size} pods of kube-state-metrics, and unless they are shards each reports on every object`,
				]
			: [];
	});
}
