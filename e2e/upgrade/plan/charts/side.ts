import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import type { ChartValues } from "../values/values.ts";
import type { Crd } from "./crd-schema.ts";
import type { StackOfSide } from "./stack-in-chart.ts";

/** Objects by their keys, each with entries of its data; none if it has no data. */
export type UnstableObjects = ReadonlyMap<string, ReadonlySet<string>>;

/** A chart rendered with values: one side of a comparison. */
export interface Side {
	readonly version: string;
	/** The chart's constraint on Kubernetes; empty if there is none. */
	readonly kubeVersion: string;
	readonly crds: readonly Crd[];
	/** Names of those that are in templates, and so part of the release. */
	readonly templatedCrds?: readonly string[];
	/** Everything that Helm would install, except hooks and CRDs. */
	readonly objects: readonly Manifest[];
	/** What Helm runs as hooks and tests. */
	readonly hooks: readonly Manifest[];
	/** Every image in the rendering, including those of hooks. */
	readonly images: readonly string[];
	/** Keys of objects that differ each time they are rendered, with the entries that do, such as a random password. */
	readonly unstable: UnstableObjects;
	/** Checksums of such objects, which were left out of the objects that have them; see checksums.ts. */
	readonly randomChecksums: ReadonlySet<string>;
	/** The rendering. */
	readonly text: string;
	/** The version of Kubernetes that it was rendered for, e.g. 1.33.0. */
	readonly cluster: string;
	/** The person's own values. */
	readonly values: ChartValues;
	/** Rules, dashboards and monitors of the person's that the chart does not have, and what else its objects name. */
	readonly companions?: readonly Manifest[] | undefined;
	/** The stack in a chart that depends on it; undefined if the chart is the stack itself. */
	readonly stack?: StackOfSide | undefined;
}

/** Identifies an object on both sides. */
export function objectKey(object: Manifest): string {
	return nameOf(object);
}

export function objectsOf(
	side: Pick<Side, "objects">,
	...kinds: string[]
): Manifest[] {
	return side.objects.filter(({ kind }) => kinds.includes(kind));
}

/** Those of the person's beside the chart. */
export function companionsOf(
	{ companions = [] }: Pick<Side, "companions">,
	...kinds: string[]
): Manifest[] {
	return companions.filter(({ kind }) => kinds.includes(kind));
}

/** The chart's own objects, and those of the person's beside it. */
export function allObjectsOf(
	side: Pick<Side, "objects" | "companions">,
	...kinds: string[]
): Manifest[] {
	return [...objectsOf(side, ...kinds), ...companionsOf(side, ...kinds)];
}
