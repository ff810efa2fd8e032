/**
 * What claims may need besides the chart: an addon of stack/addons/, or a browser, which is only there where Grafana
 * has its pages. A claim is skipped where something that it needs does not run.
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

/** Every tag that a claim's `describe` may bear, as vitest wants them defined. */
export const claimTags = [
	{
		name: "disruptive",
		description:
			"Breaks something for a while: runs after the claims that leave the stack alone.",
	},
	{
		name: "upgrade",
		description: "Tested at each stage of npm run upgrade.",
	},
	...claimNeeds.map((need) => ({
		name: `${needs}${need}`,
		description: `Skipped where ${need} does not run.`,
	})),
];

/** What a claim needs, by its tags. */
export function needsOf(tags: readonly string[]): ClaimNeed[] {
	return claimNeeds.filter((need) => tags.includes(needs + need));
}
