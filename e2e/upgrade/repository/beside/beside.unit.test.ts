import { expect, test } from "vitest";
import { isStack } from "../describe.ts";
import { findReleases } from "../find-releases.ts";
import {
	makeFluxKustomization,
	makeHelmRelease,
} from "../flux/make-objects.ts";
import { makeTree } from "../git/make-tree.ts";
import { besideInFiles, type MadeFiles } from "./made-beside.ts";

const jobs = { enabled: true, name: "jobs", key: "jobs.yaml" };
const release = makeHelmRelease({
	values: {
		grafana: { admin: { existingSecret: "admin" } },
		prometheus: { prometheusSpec: { additionalScrapeConfigsSecret: jobs } },
	},
});
const secret = (name: string, text = "a", more: object = {}) => ({
	apiVersion: "v1",
	kind: "Secret",
	metadata: { name, ...more },
	stringData: { "jobs.yaml": text },
});
const external = (name: string, key = "a") => ({
	apiVersion: "external-secrets.io/v1",
	kind: "ExternalSecret",
	metadata: { name: `${name}-made` },
	spec: { target: { name }, refreshInterval: "1h", data: [{ key }] },
});
const encrypted = (name: string, text: string) => ({
	...secret(name, `ENC[AES256_GCM,data:${text},type:str]`),
	sops: { mac: "m" },
});

const flux = (more: MadeFiles, spec: object = {}): MadeFiles => ({
	"clusters/apps.yaml": makeFluxKustomization("./apps", spec),
	"apps/stack.yaml": release,
	...more,
});
const withVariables = {
	postBuild: { substituteFrom: [{ kind: "Secret", name: "of-cluster" }] },
};
const both = ["Secret admin", "Secret jobs"];
const withBoth = {
	"apps/a.yaml": secret("admin"),
	"apps/j.yaml": secret("jobs"),
};

test.each<
	[string, MadeFiles, MadeFiles, Partial<ReturnType<typeof besideInFiles>>]
>([
	[
		"a Secret that is deleted",
		flux(withBoth),
		flux({ "apps/j.yaml": secret("jobs") }),
		{ before: both, after: ["Secret jobs"], differs: true },
	],
	[
		"another content",
		flux(withBoth),
		flux({ ...withBoth, "apps/j.yaml": secret("jobs", "b") }),
		{ before: both, after: both, differs: true },
	],
	[
		"a Secret of the same name in another namespace",
		flux({ "apps/a.yaml": secret("admin", "a", { namespace: "other" }) }),
		flux({}),
		{ before: [], after: [], differs: false },
	],
	[
		"one that Flux does not prune",
		flux(withBoth, { prune: false }),
		flux({ "apps/j.yaml": secret("jobs") }, { prune: false }),
		{ before: ["Secret jobs"] },
	],
	[
		"one that says that it stays",
		flux({
			"apps/a.yaml": secret("admin", "a", {
				annotations: { "kustomize.toolkit.fluxcd.io/prune": "disabled" },
			}),
		}),
		flux({}),
		{ before: [] },
	],
	[
		"one that nothing says who applies",
		{ "apps/stack.yaml": release, "apps/a.yaml": secret("admin") },
		{ "apps/stack.yaml": release },
		{ before: [] },
	],
	[
		"one that moves",
		flux(withBoth),
		flux({ "apps/j.yaml": secret("jobs"), "secrets/b.yaml": secret("admin") }),
		{ before: both, after: both, differs: true },
	],
	[
		"one that a script makes now",
		flux({ "apps/a.yaml": secret("admin") }),
		flux({ "make.sh": "kubectl create secret generic admin" }),
		{ before: [] },
	],
	[
		"one that is made by an ExternalSecret now",
		flux({ "apps/a.yaml": secret("admin") }),
		flux({ "apps/a.yaml": external("admin") }),
		{ before: [], after: [], unread: [] },
	],
	[
		"one that is encrypted now",
		flux({ "apps/a.yaml": secret("admin") }),
		flux({ "apps/a.yaml": encrypted("admin", "x") }),
		{ before: [], after: [], unread: [] },
	],
	[
		"jobs that move into a Secret that is encrypted",
		flux({}),
		flux({ "apps/j.yaml": encrypted("jobs", "x") }),
		{
			after: ["Secret jobs"],
			texts: [{ "jobs.yaml": "placeholder-jobs-yaml" }],
		},
	],
	[
		"jobs that move into a Secret with an unknown variable",
		flux({}),
		// biome-ignore lint/suspicious/noTemplateCurlyInString: Flux puts the variable in.
		flux({ "apps/j.yaml": secret("jobs", "- ${JOBS}") }, withVariables),
		{
			after: ["Secret jobs"],
			texts: [{ "jobs.yaml": "placeholder-jobs-yaml" }],
		},
	],
	[
		"a password that is encrypted",
		flux({ "apps/a.yaml": encrypted("admin", "x") }),
		flux({ "apps/a.yaml": encrypted("admin", "y") }),
		{ unread: [] },
	],
	[
		"scrape jobs that are encrypted",
		flux({ "apps/j.yaml": encrypted("jobs", "x") }),
		flux({ "apps/j.yaml": encrypted("jobs", "y") }),
		{ unread: ["what is in Secret jobs, which is encrypted"] },
	],
	[
		"scrape jobs with an unknown variable",
		// biome-ignore lint/suspicious/noTemplateCurlyInString: Flux puts the variable in.
		flux({ "apps/j.yaml": secret("jobs", "a: ${A}") }, withVariables),
		// biome-ignore lint/suspicious/noTemplateCurlyInString: Flux puts the variable in.
		flux({ "apps/j.yaml": secret("jobs", "b: ${A}") }, withVariables),
		{ unread: ["what is in Secret jobs, which is not known as a whole"] },
	],
	[
		"scrape jobs that an ExternalSecret makes",
		flux({ "apps/j.yaml": external("jobs", "x") }),
		flux({ "apps/j.yaml": external("jobs", "y") }),
		{
			unread: [
				"what is in Secret jobs, which is made by ExternalSecret jobs-made",
			],
		},
	],
])("%s", (_, before, after, expected) => {
	expect(besideInFiles(before, after)).toMatchObject(expected);
});

test("what kustomizations generate is taken, with what an overlay merges into it", () => {
	const files = (text: string): MadeFiles => ({
		"base/kustomization.yaml": {
			namespace: "monitoring",
			resources: ["stack.yaml"],
			secretGenerator: [{ name: "jobs", files: ["jobs.yaml"] }],
		},
		"base/stack.yaml": release,
		"base/jobs.yaml": "base",
		"prod/kustomization.yaml": {
			resources: ["../base"],
			secretGenerator: [
				{ name: "jobs", behavior: "merge", files: ["jobs.yaml"] },
			],
		},
		"prod/jobs.yaml": text,
	});
	const [found] = findReleases(makeTree(files("prod"))).filter(isStack);
	expect(found?.needs?.map(({ object }) => object.stringData)).toEqual([
		{ "jobs.yaml": "prod" },
	]);
	expect(besideInFiles(files("a"), files("b"))).toMatchObject({
		differs: true,
	});
});
