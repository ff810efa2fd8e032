import { isEqual, isPlainObject, mapValues, omitBy } from "es-toolkit";
import { coerce, lt } from "semver";
import type { Danger } from "../../reason-kinds.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import type { ToolChoice } from "../../tools/choice.ts";
import type { Tool } from "../../tools/tool.ts";
import type { Crd } from "../charts/crd-schema.ts";
import { pairByKey } from "../charts/pairs.ts";
import type { Side } from "../charts/side.ts";
import { crdVersion } from "../objects/crds.ts";
import {
	areCrdsOff,
	type CrdsByHand,
	crdsBringer,
	isMovedBeside,
} from "./crds.ts";

/** CRDs that stay behind the operator, because neither the tool nor the chart nor another chart moves them. */
export function findLeftCrds(
	a: Side,
	b: Side,
	choice: ToolChoice,
	byHand: CrdsByHand = {},
): Reason[] {
	const { tool, crdsSource } = choice;
	const isUnknown = tool.crds === "unknown" && !byHand.skipCrds;
	if (byHand.applyCrds || crdsBringer(tool, b) || isUnknown) return [];
	if (isMovedBeside(crdsSource) && !byHand.skipCrds) return [];
	const isOff = areCrdsOff(b);
	const { names, isOnlyWords } = leftOf(a, b, isOff ? "kept" : tool.crds);
	if (names.length === 0) return [];
	const versions = `The new operator wants CRDs of ${crdVersion(b.crds) ?? "its version"}, and they stay at ${crdVersion(a.crds) ?? "the old one"}`;
	return [
		makeReason(
			"crds-left-behind",
			"CRDs",
			`${versions}: ${whyLeft(choice, byHand, isOff)}.${isOnlyWords ? " They differ only in their descriptions and annotations." : ""}`,
			{
				evidence: names,
				wayOut: wayOutOf(b, choice, byHand, isOff),
				danger: dangerOf(isOnlyWords),
			},
		),
	];
}

/** Without another schema, the API server stores the same. */
function dangerOf(isOnlyWords: boolean): Danger {
	return isOnlyWords ? "note" : "review";
}

interface LeftCrds {
	/** Of CRDs that differ or are missing once the tool is done. */
	readonly names: readonly string[];
	/** Whether nothing that they declare differs. */
	readonly isOnlyWords: boolean;
}

/** Those in the chart's templates are part of the release, and are changed with it. */
function leftOf(a: Side, b: Side, crds: Tool["crds"]): LeftCrds {
	const templated = new Set(b.templatedCrds ?? []);
	const { both, added } = pairByKey(
		a.crds,
		b.crds.filter(({ metadata: { name } }) => !templated.has(name)),
		({ metadata }) => metadata.name,
	);
	const differing = both.filter(([old, now]) => !isEqual(old, now));
	const missing = crds === "created" ? [] : added;
	return {
		names: [...differing.map(([, now]) => now), ...missing].map(
			({ metadata }) => metadata.name,
		),
		isOnlyWords:
			missing.length === 0 &&
			differing.every(([old, now]) =>
				isEqual(declarationsOf(old), declarationsOf(now)),
			),
	};
}

/** What a CRD declares. A field may be called description, too. */
function declarationsOf({ spec }: Crd): unknown {
	const plain = (value: unknown): unknown => {
		if (Array.isArray(value)) return value.map(plain);
		if (!isPlainObject(value)) return value;
		const declared = omitBy(
			value,
			(each, key) => key === "description" && typeof each === "string",
		);
		return mapValues(declared, plain);
	};
	return plain(spec);
}

function whyLeft(
	{ tool, isNamed, crdsSource }: ToolChoice,
	{ skipCrds, command }: CrdsByHand,
	isOff: boolean,
): string {
	if (skipCrds) return "--skip-crds leaves them as they are";
	const other = crdsSource?.after
		? `and ${crdsSource.name}, which brings them, stays at ${crdsSource.after}`
		: undefined;
	const nothing = "and nothing that was read here applies them";
	if (isOff)
		return `crds.enabled is false in your values, so that ${tool.title} leaves them as they are, ${other ?? nothing}`;
	const stale = tool.crds === "created" ? "those that exist" : "them";
	return `${tool.title} leaves ${stale} as they are, ${other ?? (isNamed ? `unless ${wayToBring(tool, command)}` : nothing)}`;
}

function wayToBring({ name }: Tool, command: string | undefined): string {
	if (name === "flux") return "spec.upgrade.crds is CreateReplace";
	if (name === "argo") return "helm.skipCrds is false";
	return command ? "you apply them first" : "something else applies them";
}

function wayOutOf(
	side: Side,
	{ tool, crdsSource }: ToolChoice,
	{ skipCrds, command }: CrdsByHand,
	isOff: boolean,
): string {
	const { name, settings } = tool;
	const where = settings ? ` in ${settings.place.file}` : "";
	const first = command
		? `Apply them first: ${command}`
		: "Apply them first, as the commands at the end do";
	if (skipCrds) return `${first}.`;
	if (crdsSource?.after)
		return `Move ${crdsSource.name} in the same change, before the chart.`;
	const job = hasJob(side, tool)
		? ", or let the chart do it by crds.upgradeJob.enabled: true (since chart 68.4.0)"
		: "";
	if (isOff)
		return `Move what applies the CRDs in the same change, or set crds.enabled: true${name === "flux" && tool.crds !== "replaced" ? ` and spec.upgrade.crds: CreateReplace${where}` : ""}.`;
	switch (name) {
		case "flux":
			return `Set spec.upgrade.crds: CreateReplace${where}${job}.`;
		case "argo":
			return `Move what applies the CRDs in the same change, or remove helm.skipCrds${where}.`;
		case "kustomize":
			return "Set includeCRDs: true, or move what applies the CRDs in the same change.";
		default:
			return `${first}${job}.`;
	}
}

/** Whether the chart has a job for it, which runs as a hook. */
function hasJob({ version, stack }: Side, { hooks }: Tool): boolean {
	const known = coerce(stack?.version ?? version);
	return hooks !== "none" && !(known && lt(known, "68.4.0"));
}
