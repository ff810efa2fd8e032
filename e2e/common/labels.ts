/** Docker labels of what the harness makes. */
export const labels = {
	/** The run that a container, network or volume belongs to. */
	run: "o11y-e2e.run",
	/** Whose runs these are: machine and user. */
	owner: "o11y-e2e.owner",
	/** On the volume that marks a cluster which outlives its run until `down`. */
	kept: "o11y-e2e.kept",
	/** On a locally built image: which component it is, where it comes from, in which version. */
	component: "o11y-e2e.component",
	provenance: "o11y-e2e.provenance",
	version: "o11y-e2e.version",
	packages: "o11y-e2e.packages",
} as const;
