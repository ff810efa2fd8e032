import type { FilePlace } from "../repository/documents.ts";

/** What `--with` takes. */
export const toolNames = ["helm3", "helm4", "flux", "argo"] as const;
export type ToolName = (typeof toolNames)[number];

/** Where the settings of a tool for one release are written. */
export interface ToolSettings {
	readonly place: FilePlace;
	/** e.g. HelmRelease, Application, ApplicationSet */
	readonly kind: string;
	readonly name: string;
	/** Empty if it is not said. */
	readonly namespace: string;
}

/** What a tool that installs charts does on an upgrade, with the settings of one release. */
export interface Tool {
	/** Kustomize renders charts too, but cannot be chosen by `--with`. */
	readonly name: ToolName | "kustomize";
	/** For messages, e.g. Flux. */
	readonly title: string;
	/**
	 * What happens to the CRDs in the chart's `crds/` folder: they are `kept` as they are; only new ones are `created`;
	 * old ones are `replaced`, too; or nothing says it.
	 */
	readonly crds: "kept" | "created" | "replaced" | "unknown";
	/** Helm's hooks run as `helm` runs them, as far as `argo` has equivalents, as `plain` objects, or `none` runs. */
	readonly hooks: "helm" | "argo" | "plain" | "none";
	/**
	 * Whether templates are rendered with the cluster at hand: `lookup` finds something, and `.Release.IsUpgrade` is true.
	 * Otherwise each upgrade is rendered as an installation.
	 */
	readonly looksUp: boolean;
	/** Whether objects are deleted that the new chart no longer has; undefined if it depends on settings that are not known. */
	readonly prunes: boolean | undefined;
	/**
	 * How objects are changed. `three-way-merge`: Helm's patch of old chart, new chart and cluster. `client-side`: as
	 * `kubectl apply` does it. `server-side`: the API server merges, and knows who owns a field. `inherited`: server-side
	 * if the release was installed so, else the three-way merge. `replaced`: as `kubectl replace` does it.
	 */
	readonly apply:
		| "three-way-merge"
		| "client-side"
		| "server-side"
		| "inherited"
		| "replaced"
		| "unknown";
	/** Whether server-side apply takes over fields that others own, instead of failing. */
	readonly forces: boolean;
	/** Undefined if only the defaults are known. */
	readonly settings: ToolSettings | undefined;
}
