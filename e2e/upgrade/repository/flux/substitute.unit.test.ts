import { expect, test } from "vitest";
import { findOneRelease } from "../find-one-release.ts";
import { makeFluxKustomization, makeHelmRelease } from "./make-objects.ts";

const variable = (name: string) => ["${", name, "}"].join("");
const configMap = (name: string, data: object) => ({
	apiVersion: "v1",
	kind: "ConfigMap",
	metadata: { name, namespace: "flux-system" },
	data,
});
const sops = { mac: "x" };
const secretText = "ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]";

test("postBuild substitutes what is known, and names what is not", () => {
	const { all, unknown } = findOneRelease({
		"cluster/apps.yaml": makeFluxKustomization("./apps", {
			postBuild: {
				substitute: { OWN: "own" },
				substituteFrom: [
					{ kind: "ConfigMap", name: "settings" },
					{ kind: "Secret", name: "secrets" },
				],
			},
		}),
		"cluster/settings.yaml": configMap("settings", { SIZE: "3" }),
		"cluster/secrets.yaml": {
			...configMap("secrets", {}),
			kind: "Secret",
			stringData: { DOMAIN: secretText },
			sops,
		},
		"apps/stack.yaml": makeHelmRelease({
			values: {
				own: variable("OWN"),
				size: variable("SIZE"),
				fallback: variable("NOWHERE:=usual"),
				host: `grafana.${variable("DOMAIN")}`,
				escaped: `$${variable("OWN")}`,
				shell: "$OWN",
			},
		}),
	});
	expect(all).toEqual({
		own: "own",
		size: 3,
		fallback: "usual",
		host: "grafana.placeholder-domain",
		escaped: variable("OWN"),
		shell: "$OWN",
	});
	expect(unknown).toEqual([
		"DOMAIN is encrypted: placeholder-domain stands for it",
	]);
});

test("a variable may be in a Secret that is not in the repository", () => {
	const { unknown } = findOneRelease({
		"apps.yaml": makeFluxKustomization("./apps", {
			postBuild: { substituteFrom: [{ kind: "Secret", name: "secrets" }] },
		}),
		"apps/stack.yaml": makeHelmRelease({
			values: { host: variable("DOMAIN") },
		}),
	});
	expect(unknown).toEqual([
		"DOMAIN is perhaps in Secret secrets: placeholder-domain stands for it",
	]);
});

test("objects that switch substitution off keep their variables", () => {
	const { all } = findOneRelease({
		"apps.yaml": makeFluxKustomization("./apps", { postBuild: {} }),
		"apps/kustomization.yaml": {
			resources: ["stack.yaml"],
			configMapGenerator: [
				{
					name: "values",
					files: ["values.yaml"],
					options: {
						annotations: {
							"kustomize.toolkit.fluxcd.io/substitute": "disabled",
						},
					},
				},
			],
		},
		"apps/values.yaml": { query: variable("datasource") },
		"apps/stack.yaml": makeHelmRelease({
			valuesFrom: [{ kind: "ConfigMap", name: "values" }],
			values: { lost: `a${variable("datasource")}` },
		}),
	});
	expect(all).toEqual({ query: variable("datasource"), lost: "a" });
});
