import { partition } from "es-toolkit";
import { parseManifests } from "../../../clients/api-server/manifests.ts";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { budgets } from "../../../common/budgets.ts";
import type { WayChart, WaySurroundings } from "./way.ts";

const crdKind = "CustomResourceDefinition";

export function isCrd({ kind }: Manifest): boolean {
	return kind === crdKind;
}

/** The CRDs that stand beside a chart which has none in its `crds/` folders; none for any other chart. */
export async function crdsBeside({
	helm,
	crds,
}: WayChart): Promise<Manifest[]> {
	const own = parseManifests(await helm.crds());
	return own.length > 0 ? [] : parseManifests(crds);
}

/** The CRDs that a chart has with its values: those of a subchart that is switched off are not among them. */
async function crdsOf(
	chart: WayChart,
	kubeVersion: string,
): Promise<Manifest[]> {
	const flags = ["--include-crds", "--skip-tests"];
	const rendered = await chart.helm.render({ kubeVersion, flags });
	return [
		...parseManifests(rendered).filter(isCrd),
		...(await crdsBeside(chart)),
	];
}

/**
 * Creates the CRDs that are missing and, if they are to be replaced, replaces those that exist, so that nothing of the
 * old ones is left. Those that the chart does not have stay.
 */
export async function bringCrds(
	policy: "created" | "replaced",
	chart: WayChart,
	{ kube, kubeVersion, connectKubectl }: WaySurroundings,
): Promise<void> {
	const wanted = await crdsOf(chart, kubeVersion);
	const found = await kube.list({
		apiVersion: "apiextensions.k8s.io/v1",
		kind: crdKind,
	});
	const names = new Set(found.map(({ metadata }) => metadata.name));
	const [existing, missing] = partition(wanted, ({ metadata }) =>
		names.has(metadata.name),
	);
	const kubectl = await connectKubectl();
	const brought = policy === "created" ? missing : wanted;
	await kubectl(["create"], missing);
	if (policy === "replaced") await kubectl(["replace"], existing);
	await kubectl(waitUntilEstablished(), brought);
}

/** kubectl's arguments that wait for CRDs. */
export function waitUntilEstablished(): string[] {
	return [
		"wait",
		"--for=condition=Established",
		`--timeout=${budgets.rollout}ms`,
	];
}
