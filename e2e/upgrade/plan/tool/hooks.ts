import { isEqual } from "es-toolkit";
import { type Manifest, nameOf } from "../../../clients/kube-objects.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import type { Tool } from "../../tools/tool.ts";
import { pairByKey } from "../charts/pairs.ts";
import { objectKey, type Side } from "../charts/side.ts";
import { withoutVersions } from "../charts/version-labels.ts";

/** Argo CD's phase for each event of Helm; those that are missing never run: https://argo-cd.readthedocs.io/en/stable/user-guide/helm/#helm-hooks */
export const argoPhases: Readonly<Record<string, "PreSync" | "PostSync">> = {
	"pre-install": "PreSync",
	"pre-upgrade": "PreSync",
	"post-install": "PostSync",
	"post-upgrade": "PostSync",
};

/** Events of an upgrade. */
const ofUpgrades = ["pre-upgrade", "post-upgrade"];
/** Nobody expects these on an upgrade. */
const ofOthers = /^(test(-success|-failure)?|(pre|post)-delete)$/;

/** Hooks that are new and do not run as Helm would run them, and those that differ and do not run at all. */
export function findHooks(a: Side, b: Side, tool: Tool): Reason[] {
	if (tool.hooks === "helm") return [];
	const { both, added } = pairByKey(a.hooks, b.hooks, objectKey);
	const changed = both
		.filter(
			([old, now]) => !isEqual(withoutVersions(old), withoutVersions(now)),
		)
		.map(([, now]) => now);
	return [
		...added.flatMap((hook) => describeHook(hook, tool)),
		// When they run is as it was.
		...changed
			.flatMap((hook) => describeHook(hook, tool))
			.filter(({ id }) => id === "hook-ignored"),
	];
}

function describeHook(hook: Manifest, { hooks, title }: Tool): Reason[] {
	const name = nameOf(hook);
	const events = hookEventsOf(hook).filter((event) => !ofOthers.test(event));
	if (events.length === 0) return [];
	const isOfUpgrade = events.some((event) => ofUpgrades.includes(event));
	if (hooks === "none" && isOfUpgrade)
		return [
			makeReason(
				"hook-ignored",
				name,
				`${name} is a hook (${events.join(", ")}), and ${title} is told to run none.`,
			),
		];
	if (hooks === "plain")
		return [
			makeReason(
				"hook-elsewhen",
				name,
				`${title} renders ${name}, a hook (${events.join(", ")}), as an object like any other: it is applied with the rest, and stays.`,
			),
		];
	if (hooks !== "argo") return [];
	const mapped = [
		...new Set(events.flatMap((event) => argoPhases[event] ?? [])),
	];
	if (mapped.length === 0)
		return [
			makeReason(
				"hook-ignored",
				name,
				`${name} is a hook (${events.join(", ")}), for which ${title} has no equivalent: it never runs.`,
			),
		];
	return [
		makeReason(
			"hook-elsewhen",
			name,
			`${title} runs ${name} as ${mapped.join(" and ")} at each sync, not only for ${events.join(", ")}.`,
		),
	];
}

/** The events of Helm that a hook is for. */
export function hookEventsOf({ metadata }: Manifest): string[] {
	return (metadata.annotations?.["helm.sh/hook"] ?? "")
		.split(",")
		.map((each) => each.trim())
		.filter((each) => each !== "");
}
