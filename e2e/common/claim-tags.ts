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

const needs = "needs-";

/** Every tag that a claim's `describe` can have, in the form in which vitest takes their definitions. */
export const claimTags = [
	{
		name: "disruptive",
		description:
			"Breaks something for a while: runs after the claims that change nothing in the stack.",
	},
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
