import { makeReason, type Reason } from "../../reasons.ts";
import type { ToolChoice } from "../../tools/choice.ts";
import type { Side } from "../charts/side.ts";
import { crdsBringer } from "./crds.ts";

/** What begins or ends with the upgrade between the chart's CRDs and those that something else in the repository applies. */
export function findCrdsElsewhere(
	a: Side,
	b: Side,
	{ tool, before = tool, crdsSource }: ToolChoice,
): Reason[] {
	if (!crdsSource) return [];
	const { name } = crdsSource;
	const own = crdsBringer(tool, b);
	const wasTwice = crdsSource.before !== "" && crdsBringer(before, a);
	if (crdsSource.after === "" && crdsSource.before !== "")
		return [
			makeReason(
				"crds-source-gone",
				name,
				`The same change removes ${name} (${crdsSource.before}). If what installed it also uninstalls it, as Helm does and as Flux and Argo CD do where they prune, the CRDs are deleted, and with them every monitor, rule and Prometheus.`,
			),
		];
	return own && crdsSource.after !== "" && !wasTwice
		? [
				makeReason(
					"crds-applied-twice",
					"CRDs",
					`${own === "job" ? "The chart's own job" : tool.title} now applies the CRDs, and so does ${name} (${crdsSource.after}): one is refused at what the other set, or takes back its version.`,
				),
			]
		: [];
}
