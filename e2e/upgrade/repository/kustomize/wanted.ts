import type { RepositoryTree } from "../git/tree.ts";

/** Whether a file may hold objects of Kubernetes, by its name. */
export function isManifestFile(path: string): boolean {
	return /\.(ya?ml|json)$/.test(path);
}

/** What may hold a release or its source. */
const kinds =
	/kind["']?:\s*["']?(HelmRelease|HelmRepository|OCIRepository|GitRepository|Bucket|HelmChart|HelmChartConfig|HelmChartInflationGenerator|Kustomization|Application|ApplicationSet|ResourceSet|ResourceSetInputProvider|Namespace|List)\b/;
/** What the values of releases name. */
const secretKinds = /kind["']?:\s*["']?(Secret|SealedSecret|ExternalSecret)\b/;
const dataKinds = /kind["']?:\s*["']?ConfigMap\b/;
/** What refers to ConfigMaps and Secrets, and what copies from any object. */
const dataUsers = /(valuesFrom|substituteFrom|replacements|fieldPaths)["']?:/;

/**
 * Makes a test whether a file may have to do with Helm releases. Most ConfigMaps hold dashboards, and parsing those
 * takes longer than everything else.
 */
export function makeWanted(tree: RepositoryTree): (text: string) => boolean {
	const names = new Set(
		tree.paths
			.filter(isManifestFile)
			.map((path) => tree.read(path) ?? "")
			.filter((text) => dataUsers.test(text))
			.flatMap((text) => [...text.matchAll(/name["']?:\s*["']?([\w.-]+)/g)])
			.map(([, name = ""]) => name),
	);
	const isReferredTo = (text: string) =>
		[...text.matchAll(/"?name"?:\s*["']?([\w.-]+)/g)].some(([, name = ""]) =>
			names.has(name),
		);
	return (text) =>
		kinds.test(text) ||
		secretKinds.test(text) ||
		(dataKinds.test(text) && isReferredTo(text));
}
