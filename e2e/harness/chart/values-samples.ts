/** Files that people take for values, for tests. */
export const sampleValues = { grafana: { adminPassword: "not-a-secret" } };
export const operatorValues = {
	prometheus: { prometheusSpec: { replicas: 2 } },
};
export const sampleHelmRelease = {
	apiVersion: "helm.toolkit.fluxcd.io/v2",
	kind: "HelmRelease",
	metadata: { name: "stack" },
	spec: {
		chart: { spec: { chart: "kube-prometheus-stack", version: "80.0.0" } },
		values: sampleValues,
	},
};
export const makeSampleApplication = (
	helm: object,
	chart = "kube-prometheus-stack",
) => ({
	apiVersion: "argoproj.io/v1alpha1",
	kind: "Application",
	metadata: { name: "stack" },
	spec: { source: { chart, helm } },
});
export const makeSampleData = (kind: string, text: string) => ({
	apiVersion: "v1",
	kind,
	metadata: { name: "stack-values" },
	data: { "values.yaml": text },
});
export const sampleSops = { mac: "ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]" };
export const makeSampleCiphertext = (type = "str") =>
	`ENC[AES256_GCM,data:x,iv:x,tag:x,type:${type}]`;
