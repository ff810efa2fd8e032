/** Words in the names that charts and examples give to what the stack scrapes. */
const ofCharts = [
	...["kubernetes", "k8s", "kube", "apiserver", "cadvisor", "kubelet"],
	...["coredns", "node", "prometheus", "grafana", "alertmanager"],
];

/** Words that the names of many jobs have. */
const common =
	/^(exporters?|metrics|monitoring|servers?|services?|apps?|pods?)$/;

/** The words of a job's name, or of a pattern for it, that tell what it is of. */
export function wordsOfJob(name: string): string[] {
	return name
		.toLowerCase()
		.split(/[^a-z0-9]+/)
		.filter((word) => word !== "" && !common.test(word));
}

/** Which words are in the names of jobs that are here, or that charts give. @param jobs those that are here */
export function makeIsKnownWord(
	jobs: readonly string[],
): (word: string) => boolean {
	const known = [...ofCharts, ...jobs.flatMap(wordsOfJob)];
	return (word) => known.some((each) => isLike(each, word));
}

/** As `node` and `nodes` are. */
function isLike(one: string, other: string): boolean {
	return one === other || `${one}s` === other || one === `${other}s`;
}
