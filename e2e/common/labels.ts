/** The labels of everything that the harness creates, in Docker and in the cluster. */
export const labels = {
	/** The run that a container, network or volume belongs to, or a namespace that a test has planted. */
	run: "o11y-e2e.run",
	/** The machine and user that the run belongs to. */
	owner: "o11y-e2e.owner",
	/** On the volume that marks a kept cluster, which outlives its run until `down`. */
	kept: "o11y-e2e.kept",
	/** On namespaces that the bench plants: claims judge what is in them as a person's own. */
	bench: "o11y-e2e.bench",
	/** On a locally built image: its component, its origin, its version, and the packages in it. */
	component: "o11y-e2e.component",
	provenance: "o11y-e2e.provenance",
	version: "o11y-e2e.version",
	packages: "o11y-e2e.packages",
	/** On a locally built image: the Go modules in it that have other versions than the component's own go.mod names. */
	otherVersions: "o11y-e2e.other-versions",
} as const;
