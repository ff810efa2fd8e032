import type { Manifest } from "../../../clients/kubernetes.ts";
import type { StartedObjectStore } from "../../cluster/object-store.ts";
import type { HomelabSecrets } from "../homelab-secrets.ts";

/** A part of the homelab beside the chart: its manifests are stack/addons/<name>.yaml. */
export interface Addon {
	readonly name: string;
	/** Of stack/images.yaml, those that it runs; manifests name them, or any version of their upstream image. */
	readonly components: readonly string[];
	/** Where it stands in for something else: for what, and why, as a sentence of the report. */
	readonly standsInFor?: string;
	/** Where its public chart makes no ServiceMonitor of all that is scraped here: what it makes, as a sentence. */
	readonly monitoring?: string;
	/** It writes the homelab's Secrets, which set-up does otherwise. */
	readonly writesSecrets?: boolean;
	/** What only a running environment knows: Secrets, and ConfigMaps with the source of a fixture. */
	makeObjects?(
		context: AddonContext,
	): readonly Manifest[] | Promise<Manifest[]>;
}

/** What an addon finds. */
export interface AddonContext {
	/** Where the stack's own resources live. */
	readonly namespace: string;
	readonly objectStore: StartedObjectStore;
	readonly secrets: HomelabSecrets;
}
