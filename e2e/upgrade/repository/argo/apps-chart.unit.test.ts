import { expect, test } from "vitest";
import { findOneRelease } from "../find-one-release.ts";
import {
	chartRepository,
	makeApplication,
	ownRepository,
} from "./make-application.ts";

test("an ApplicationSet may be a value of Argo's own chart", () => {
	const { deployer, name } = findOneRelease({
		"argocd/values.yaml": {
			"argocd-apps": {
				applicationsets: {
					root: {
						generators: [{ git: { directories: [{ path: "system/*" }] } }],
						template: makeApplication({
							source: { repoURL: ownRepository, path: "{{path}}" },
						}),
					},
				},
			},
		},
		"system/metrics/Chart.yaml": {
			name: "a",
			version: "0.0.0",
			dependencies: [
				{
					name: "kube-prometheus-stack",
					version: "80.0.0",
					repository: chartRepository,
				},
			],
		},
	});
	expect({ deployer, name }).toEqual({ deployer: "Argo CD", name: "stack" });
});
