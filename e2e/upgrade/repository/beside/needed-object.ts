import type { Manifest } from "../../../clients/kube-objects.ts";

/** A Secret or ConfigMap that the values of a release name, and that is made beside it. */
export interface NeededObject {
	/** The object itself, or what makes a Secret of it. Its namespace is the release's. */
	readonly object: Manifest;
	/** The name by which the values ask for it. */
	readonly name: string;
	/** Whether its content can be read. */
	readonly isReadable: boolean;
	/** Whether it goes from the cluster once it is gone from the repository. */
	readonly isPruned: boolean;
	/** Whether it holds a configuration, such as scrape jobs, and not only passwords. */
	readonly isConfiguration: boolean;
}
