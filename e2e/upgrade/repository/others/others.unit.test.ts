import { expect, test } from "vitest";
import { findOneRelease } from "../find-one-release.ts";
import { findReleases } from "../find-releases.ts";
import { makeTree } from "../git/make-tree.ts";

const name = "kube-prometheus-stack";
const url = "https://charts.example.org";

test("a HelmChart of k3s, with the HelmChartConfig over it", () => {
	const metadata = { name: "stack", namespace: "kube-system" };
	expect(
		findOneRelease({
			"stack.yaml": [
				{
					apiVersion: "helm.cattle.io/v1",
					kind: "HelmChart",
					metadata,
					spec: {
						repo: url,
						chart: name,
						version: "80.0.0",
						targetNamespace: "monitoring",
						valuesContent: "a: 1\nb: 1\n",
						set: { c: "true" },
					},
				},
				{
					apiVersion: "helm.cattle.io/v1",
					kind: "HelmChartConfig",
					metadata,
					spec: { valuesContent: "b: 2\n" },
				},
			],
		}),
	).toMatchObject({
		deployer: "k3s",
		namespace: "monitoring",
		chart: { name, version: "80.0.0", source: url },
		all: { a: 1, b: 2, c: true },
	});
});

test("a fleet.yaml", () => {
	expect(
		findOneRelease({
			"stack/fleet.yaml": {
				defaultNamespace: "monitoring",
				helm: {
					releaseName: "stack",
					repo: url,
					chart: name,
					version: "80.0.0",
					valuesFiles: ["values.yaml"],
					values: { b: 2 },
				},
			},
			"stack/values.yaml": { a: 1, b: 1 },
		}),
	).toMatchObject({ deployer: "Fleet", all: { a: 1, b: 2 } });
});

const install = (command: string) => ({
	"scripts/install.sh": `#!/bin/sh\nhelm repo add community ${url}\n${command}\n`,
	"scripts/values.yaml": { a: 1, b: 1 },
});

test("a command of a script", () => {
	expect(
		findOneRelease(
			install(`helm upgrade --install stack community/${name} \\
  --namespace monitoring --version 80.0.0 -f values.yaml --set b=2,c.d=x && echo done`),
		),
	).toMatchObject({
		deployer: "Helm",
		name: "stack",
		namespace: "monitoring",
		chart: { name, version: "80.0.0", source: url },
		all: { a: 1, b: 2, c: { d: "x" } },
		place: { file: "scripts/install.sh", line: 3 },
	});
});

test("a command may set texts, and what is not read is said", () => {
	const { all, unknown } = findOneRelease(
		install(
			`helm upgrade --set-string a=1 --set b=2 --set-json c=[] stack community/${name}`,
		),
	);
	expect(all).toEqual({ a: "1", b: 2 });
	expect(unknown).toEqual(["--set-json c=[] is left out"]);
});

test("a command with a variable in it is not guessed", () => {
	const files = install(`helm upgrade stack community/${name} --version $V`);
	expect(findReleases(makeTree(files))).toEqual([]);
});

test("what starts a release once gives way to what keeps it", () => {
	const { deployer } = findOneRelease({
		...install(`helm install stack community/${name} -n monitoring`),
		"stack.yaml": {
			apiVersion: "argoproj.io/v1alpha1",
			kind: "Application",
			metadata: { name: "stack" },
			spec: {
				destination: { namespace: "monitoring" },
				source: { repoURL: url, chart: name, targetRevision: "80.0.0" },
			},
		},
	});
	expect(deployer).toBe("Argo CD");
});
