/**
 * What a claim can need besides the chart: an addon of stack/addons/, or a browser, which only runs if Grafana has its
 * pages. A claim is skipped if something that it needs does not run.
 */
export const claimNeeds = [
	"argocd",
	"browser",
	"cert-manager",
	"envoy-gateway",
	"external-secrets",
	"loki",
	"minio",
	"thanos",
] as const;
export type ClaimNeed = (typeof claimNeeds)[number];

/** What a claim can break for a while. */
export const disruptedParts = [
	"grafana",
	"node-exporter",
	"prometheus",
	"secrets",
] as const;
export type DisruptedPart = (typeof disruptedParts)[number];

const needs = "needs-";
const disrupts = "disrupts-";
const ignores = "ignores-";

/** Every tag that a claim's `describe` can have, in the form in which vitest takes their definitions. */
export const claimTags = [
	...disruptedParts.flatMap((part) => [
		{
			name: `${disrupts}${part}`,
			description: `Breaks ${part} for a while: starts when the claims that this would disturb are done, and never beside one of them.`,
		},
		{
			name: `${ignores}${part}`,
			description: `Proves the same while ${part} is broken, so it begins before that is rolled out.`,
		},
	]),
	{
		name: "upgrade",
		description: "Tested at each stage of npm run upgrade.",
	},
	...claimNeeds.map((need) => ({
		name: `${needs}${need}`,
		description: `Skipped if ${need} does not run.`,
	})),
];

/** What a claim with these tags needs. */
export function needsOf(tags: readonly string[]): ClaimNeed[] {
	return claimNeeds.filter((need) => tags.includes(needs + need));
}

/** What a claim with these tags breaks for a while. */
export function disruptedBy(tags: readonly string[]): DisruptedPart[] {
	return disruptedParts.filter((part) => tags.includes(disrupts + part));
}

/** What may be broken while a claim with these tags is tested. */
export function ignoredBy(tags: readonly string[]): DisruptedPart[] {
	return disruptedParts.filter((part) => tags.includes(ignores + part));
}
