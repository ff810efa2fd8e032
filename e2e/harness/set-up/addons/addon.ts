import type { Manifest } from "../../../clients/kube-objects.ts";
import type { StartedObjectStore } from "../../cluster/object-store.ts";
import type { HomelabSecrets } from "../homelab-secrets.ts";
import type { OwnSecret } from "../secrets/own-secrets.ts";

/** A part of the homelab that is not in the chart. Its manifests are stack/addons/<name>.yaml. */
export interface Addon {
	readonly name: string;
	/** The components of stack/images.yaml that it runs. Its manifests name them, or any version of their upstream image. */
	readonly components: readonly string[];
	/** What differs from a real homelab, if anything: a sentence of the report. */
	readonly difference?: string;
	/** What its public chart creates for scraping, if that is not a ServiceMonitor for everything that is scraped here. */
	readonly monitoring?: string;
	/** Whether it writes the homelab's Secrets, so that set-up does not. */
	readonly writesSecrets?: boolean;
	/** Kinds of its own that others of its objects need: those are applied when these are Ready. */
	readonly readyFirst?: readonly string[];
	/** Adapts its manifests (YAML) to what the chart renders. */
	adapt?(manifests: string, rendered: readonly Manifest[]): string;
	/**
	 * Makes objects whose content is only known at run time: Secrets, and ConfigMaps with the source of a fixture. Those of
	 * the addon's own kinds are applied last, as those in its manifests.
	 */
	makeObjects?(
		context: AddonContext,
	): readonly Manifest[] | Promise<Manifest[]>;
}

/** What an addon makes its objects from. */
export interface AddonContext {
	/** The stack's namespace. */
	readonly namespace: string;
	readonly objectStore: StartedObjectStore;
	readonly secrets: HomelabSecrets;
	/** Secrets of the stack's namespace that the homelab's values refer to by other names. */
	readonly ownSecrets: readonly OwnSecret[];
	/** What Doppler has besides, by its names: what ExternalSecrets of the values ask it for. */
	readonly inDoppler: Readonly<Record<string, string>>;
}
