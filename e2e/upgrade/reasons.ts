import { z } from "zod";
import { type Danger, dangers, kinds, type ReasonId } from "./reason-kinds.ts";

const reasonFields = z.strictObject({
	id: z.string(),
	danger: z.enum(dangers),
	/** What it is about: an object, an image, a key of the values. Unique together with the id. */
	subject: z.string(),
	/** What happens to this subject, in a sentence. */
	what: z.string(),
	evidence: z.array(z.string()),
	wayOut: z.string(),
	/** If there are versions in between: the first version of the chart with this reason. */
	since: z.string().optional(),
});
export type Reason = z.infer<typeof reasonFields> & {
	consequences: Reason[];
};
export const reason: z.ZodType<Reason> = reasonFields.extend({
	/** What it causes. */
	get consequences() {
		return z.array(reason);
	},
});

export interface ReasonDetails {
	readonly evidence?: readonly string[];
	readonly consequences?: readonly Reason[];
	/** Where they depend on more than the kind. */
	readonly danger?: Danger;
	readonly wayOut?: string;
}

/** Makes a reason; danger and way out are those of its kind where the details name no others. */
export function makeReason(
	id: ReasonId,
	subject: string,
	what: string,
	{ evidence = [], consequences = [], danger, wayOut }: ReasonDetails = {},
): Reason {
	return {
		id,
		danger: danger ?? kinds[id].danger,
		subject,
		what,
		evidence: [...evidence],
		wayOut: wayOut ?? kinds[id].wayOut,
		consequences: [...consequences],
	};
}

/** One reason with these flaws as its evidence, or none if there are no flaws. */
export function reasonsOf(
	id: ReasonId,
	subject: string,
	flaws: readonly string[],
): Reason[] {
	const [first] = flaws;
	return first === undefined
		? []
		: [makeReason(id, subject, first, { evidence: flaws })];
}

/** Identifies a reason across comparisons. */
export function keyOf({ id, subject }: Reason): string {
	return `${id}: ${subject}`;
}

/** Reasons with all of their consequences, in one list. */
export function flatten(reasons: readonly Reason[]): Reason[] {
	return reasons.flatMap((each) => [each, ...flatten(each.consequences)]);
}

/** A note without consequences: reports group such notes. */
export function isPlainNote({ danger, consequences }: Reason): boolean {
	return danger === "note" && consequences.length === 0;
}

/** More reasons than this are grouped. */
const mostUngrouped = 12;

/** Many reasons in groups by what they touch, in their order; few in one group without a name. */
export function inGroups(
	reasons: readonly Reason[],
): { readonly part: string; readonly reasons: readonly Reason[] }[] {
	if (reasons.length === 0) return [];
	if (reasons.length <= mostUngrouped) return [{ part: "", reasons }];
	return [...Map.groupBy(reasons, partOf)].map(([part, own]) => ({
		part,
		reasons: own,
	}));
}

/** The part of the stack that a reason's id begins with. */
function partOf({ id }: Reason): string {
	return parts.find(([, pattern]) => pattern.test(id))?.[0] ?? "others";
}

const parts = [
	["values", /^(value-|default-changed)/],
	["images and versions", /^(image|known|downgrade|kubernetes)/],
	["CRDs", /^(crd|field)/],
	[
		"targets and metrics",
		/^(monitor|target|job|scrape|metric|labels-of|selector)/,
	],
	["rules and alerts", /^(alert(?!ing|manager)|rule|recording|expression)/],
	[
		"routing",
		/^(receiver-|route|inhibition|alerting|alertmanager-refused|watchdog)/,
	],
	[
		"Grafana",
		/^(dashboard|datasource|default-datasource|two-default|contact|grafana|panel|login)/,
	],
	["data and volumes", /(volume|data-|-lost$|retention|uploads)/],
	[
		"objects",
		/^(object|workload|service|backend|reference|configuration|rollout|immutable|api-version|labels|setting|permission|discovery)/,
	],
] as const satisfies readonly (readonly [string, RegExp])[];

export type UpgradeVerdict = "safe" | "review" | "unsafe";

/** The worst danger decides, at any depth. */
export function verdictOfReasons(reasons: readonly Reason[]): UpgradeVerdict {
	const worst = worstDangerOf(reasons);
	return worst === "note" ? "safe" : worst;
}

function worstDangerOf(reasons: readonly Reason[]): Danger {
	const found = new Set(flatten(reasons).map(({ danger }) => danger));
	return dangers.findLast((each) => found.has(each)) ?? "note";
}

/** The worst first; equals keep their order. */
export function byDanger(reasons: readonly Reason[]): Reason[] {
	const rank = (each: Reason) => dangers.indexOf(worstDangerOf([each]));
	return reasons
		.map((each) => ({ ...each, consequences: byDanger(each.consequences) }))
		.sort((a, b) => rank(b) - rank(a));
}
