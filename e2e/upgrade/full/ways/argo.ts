import type { ServedKinds } from "../../../clients/api-server/discovery.ts";
import { parseManifests } from "../../../clients/api-server/manifests.ts";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { objectKey } from "../../plan/charts/side.ts";
import { isTooLarge } from "../../plan/tool/apply.ts";
import { isPrunable } from "../../plan/tool/pruning.ts";
import type { Tool } from "../../tools/tool.ts";
import { applyMethodOf } from "./argo/apply.ts";
import { syncObjects } from "./argo/sync.ts";
import { isSyncHook } from "./argo/sync-waves.ts";
import { takeOver } from "./argo/take-over.ts";
import { crdsBeside } from "./crds.ts";
import type { UpgradeWay, WayChart, WaySurroundings } from "./way.ts";

/**
 * Argo CD: `helm template`, whose `lookup` finds nothing, with the versions that the cluster serves; then a sync. It brings
 * the CRDs unless `skipCrds` is set, and prunes only if `automated.prune` is set. Back is a sync of the old revision.
 */
export function makeArgoWay(
	surroundings: WaySurroundings,
	tool: Tool,
): UpgradeWay {
	const { charts, stage, namespace, kube } = surroundings;
	const forward = "argocd app sync";
	/** What was applied, and not pruned since. */
	const known = new Map<string, Manifest>();
	const render = (chart: WayChart) => renderForArgo(chart, tool, surroundings);
	const sync = async (rendered: readonly Manifest[]) => {
		const keys = new Set(rendered.map(objectKey));
		const gone =
			tool.prunes === true
				? [...known].filter(([key, each]) => !keys.has(key) && isPrunable(each))
				: [];
		for (const object of rendered)
			if (!isSyncHook(object)) known.set(objectKey(object), object);
		await syncObjects(
			{
				kube,
				namespace,
				apply: tool.apply,
				kubectl: await surroundings.connectKubectl(),
				waitUntilHealthy: surroundings.waitUntilHealthy,
			},
			rendered,
			gone.map(([, object]) => object),
		);
		for (const [key] of gone) known.delete(key);
	};
	const renderOld = async () => {
		const rendered = await render(charts.from);
		// What Argo CD cannot apply was brought to the cluster at home in another way.
		return rendered.filter(
			(each) =>
				applyMethodOf(each, tool.apply) !== "client-side" || !isTooLarge(each),
		);
	};
	return {
		forward,
		back: `${forward} of the old revision`,
		wayOut:
			"Fix what its message names; the rest of the sync is applied, and stays half upgraded until another revision is synced.",
		installAgain: async () => {
			const rendered = await renderOld();
			const owned = rendered.filter(
				(each) =>
					!isSyncHook(each) &&
					applyMethodOf(each, tool.apply) === "server-side",
			);
			await takeOver(kube, owned, namespace);
			await sync(rendered);
		},
		upgrade: () => stage(forward, async () => sync(await render(charts.to))),
		rollBack: async () => sync(await renderOld()),
	};
}

async function renderForArgo(
	chart: WayChart,
	{ crds }: Tool,
	{ kube, kubeVersion }: WaySurroundings,
): Promise<Manifest[]> {
	const isBrought = crds === "replaced";
	const rendered = await chart.helm.render({
		kubeVersion,
		flags: [
			"--skip-tests",
			...(isBrought ? ["--include-crds"] : []),
			apiVersionsFlag(await kube.listKinds()),
		],
	});
	return [
		...(isBrought ? await crdsBeside(chart) : []),
		...parseManifests(rendered),
	];
}

/** Helm's flag that says what a cluster serves, as Argo CD passes it on. */
export function apiVersionsFlag({ kinds }: Pick<ServedKinds, "kinds">): string {
	const served = kinds.flatMap(({ apiVersion, kind }) => [
		apiVersion,
		`${apiVersion}/${kind}`,
	]);
	return `--api-versions=${[...new Set(served)].sort().join(",")}`;
}
