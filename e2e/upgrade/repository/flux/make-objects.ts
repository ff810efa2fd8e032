/** Objects of Flux for tests. */
export const helmRepository = {
	apiVersion: "source.toolkit.fluxcd.io/v1",
	kind: "HelmRepository",
	metadata: { name: "prometheus-community", namespace: "flux-system" },
	spec: { url: "https://charts.example.org" },
};
export const makeHelmRelease = (spec: object, name = "stack") => ({
	apiVersion: "helm.toolkit.fluxcd.io/v2",
	kind: "HelmRelease",
	metadata: { name, namespace: "monitoring" },
	spec: {
		chart: {
			spec: {
				chart: "kube-prometheus-stack",
				version: "80.0.0",
				sourceRef: { kind: "HelmRepository", name: "prometheus-community" },
			},
		},
		...spec,
	},
});
export const makeFluxKustomization = (
	path: string,
	spec: object = {},
	name = "apps",
) => ({
	apiVersion: "kustomize.toolkit.fluxcd.io/v1",
	kind: "Kustomization",
	metadata: { name, namespace: "flux-system" },
	spec: { path, ...spec },
});
