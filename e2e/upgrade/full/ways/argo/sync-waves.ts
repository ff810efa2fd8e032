import { sortBy } from "es-toolkit";
import type { Manifest } from "../../../../clients/kube-objects.ts";
import { argoPhases, hookEventsOf } from "../../../plan/tool/hooks.ts";

const phases = ["PreSync", "Sync", "PostSync"] as const;
type SyncPhase = (typeof phases)[number];

/** What Argo CD applies at once. The next wave begins when this one is healthy. */
export interface SyncWave {
	readonly phase: SyncPhase;
	readonly wave: number;
	/** In the order in which they are applied. */
	readonly objects: readonly Manifest[];
	readonly hooks: readonly Manifest[];
}

const helmHook = "helm.sh/hook";
const ownHook = "argocd.argoproj.io/hook";

/**
 * The waves of a sync. Helm's hooks become PreSync and PostSync hooks with their weights as waves; those without an
 * equivalent, such as tests and hooks of rollbacks, are in none. Argo CD's own annotations win. Sources:
 * https://argo-cd.readthedocs.io/en/stable/user-guide/helm/#helm-hooks,
 * https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
 */
export function makeSyncWaves(rendered: readonly Manifest[]): SyncWave[] {
	const tasks = rendered.flatMap((object) =>
		phasesOf(object).map((phase) => ({ phase, wave: waveOf(object), object })),
	);
	const waves = [
		...Map.groupBy(tasks, ({ phase, wave }) => `${phase} ${wave}`).values(),
	].flatMap((found): SyncWave[] => {
		const [first] = found;
		if (!first) return [];
		const all = sortBy(
			found.map(({ object }) => object),
			[rankOf],
		);
		return [
			{
				phase: first.phase,
				wave: first.wave,
				objects: all.filter((each) => !isSyncHook(each)),
				hooks: all.filter(isSyncHook),
			},
		];
	});
	return sortBy(waves, [({ phase }) => phases.indexOf(phase), "wave"]);
}

/** Whether Argo CD runs an object as a hook, or leaves it out as one. */
export function isSyncHook(object: Manifest) {
	const annotations = annotationsOf(object);
	return helmHook in annotations || ownHook in annotations;
}

function phasesOf(object: Manifest): SyncPhase[] {
	if (!isSyncHook(object)) return ["Sync"];
	const own = annotationsOf(object)[ownHook];
	const wanted: readonly (string | undefined)[] =
		own === undefined
			? hookEventsOf(object).map((event) => argoPhases[event])
			: own.split(",").map((each) => each.trim());
	return phases.filter((phase) => wanted.includes(phase));
}

/** A chart can render `annotations:` with nothing below it. */
function annotationsOf({ metadata }: Manifest) {
	return metadata.annotations ?? {};
}

function waveOf(object: Manifest): number {
	const annotations = annotationsOf(object);
	const text =
		annotations["argocd.argoproj.io/sync-wave"] ??
		annotations["helm.sh/hook-weight"];
	const wave = Number.parseInt(text ?? "", 10);
	return Number.isNaN(wave) ? 0 : wave;
}

/** What others need comes before them, and pods last. */
const ranks = [
	["Namespace"],
	["CustomResourceDefinition"],
	["ServiceAccount", "Secret", "ConfigMap"],
	[/Role(Binding)?$/],
	[],
	["DaemonSet", "Deployment", "StatefulSet", "Pod", "Job", "CronJob"],
] as const;
const others = ranks.findIndex(({ length }) => length === 0);

function rankOf({ kind }: Manifest): number {
	const rank = ranks.findIndex((kinds) =>
		kinds.some((each) =>
			typeof each === "string" ? each === kind : each.test(kind),
		),
	);
	return rank < 0 ? others : rank;
}

/** When a hook is deleted. */
export type HookDeletion =
	| "beforehookcreation"
	| "hooksucceeded"
	| "hookfailed";

/** Whether a hook is deleted then; without a policy before it is created anew. */
export function isDeletedAt(object: Manifest, moment: HookDeletion): boolean {
	const annotations = annotationsOf(object);
	const text =
		annotations["argocd.argoproj.io/hook-delete-policy"] ??
		annotations["helm.sh/hook-delete-policy"] ??
		"before-hook-creation";
	return text
		.split(",")
		.map((each) => each.trim().replaceAll("-", "").toLowerCase())
		.includes(moment);
}
