/** The chart repository of test Applications. */
export const chartRepository = "https://charts.example.org";

/** The Git repository that they are in. */
export const ownRepository = "https://git.example.org/home.git";

/** An Application of Argo CD, for tests. */
export function makeApplication(spec: object) {
	return {
		apiVersion: "argoproj.io/v1alpha1",
		kind: "Application",
		metadata: { name: "stack", namespace: "argocd" },
		spec: { destination: { namespace: "monitoring" }, ...spec },
	};
}
