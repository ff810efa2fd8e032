import { partition } from "es-toolkit";
import { nameOf } from "../../clients/kube-objects.ts";
import type { ReasonId } from "../reason-kinds.ts";
import { isPlainNote, type Reason } from "../reasons.ts";
import { renamedKey, renamingOf } from "./charts/renaming.ts";
import { objectKey, type Side } from "./charts/side.ts";

/** What many reasons of one id say in one; a reason that says more than the new name is not here. */
const whatGetsNewNames: Partial<Record<ReasonId, string>> = {
	"service-gone": "Services get new names",
	"monitor-renamed": "monitors get new names",
	"rules-renamed":
		"groups of rules get new names: the pending timers of their alerts start over",
	"object-renamed": "further objects get new names",
};

/** More than this are told in one reason. */
const mostAlone = 2;

/** Where a whole release is renamed: one reason instead of one for each object. Those with consequences stay alone. */
export function foldRenamed(
	reasons: readonly Reason[],
	a: Side,
	b: Side,
): Reason[] {
	const renaming = renamingOf(a, b);
	if (!renaming) return [...reasons];
	const after = new Set(b.objects.map(objectKey));
	const newNames = new Map(
		a.objects.flatMap((each): [string, string][] => {
			const key = renamedKey(each, renaming);
			return key && after.has(key) ? [[nameOf(each), key]] : [];
		}),
	);
	// The subject of a group of rules is its object and its name.
	const newNameOf = ({ subject }: Reason) =>
		newNames.get(subject.split(" ")[0] ?? "");
	return Object.entries(whatGetsNewNames).reduce<Reason[]>(
		(all, [id, what]) => {
			const [own, others] = partition(
				all,
				(each) =>
					each.id === id &&
					each.consequences.length === 0 &&
					newNameOf(each) !== undefined,
			);
			const [first] = own;
			if (!first || own.length <= mostAlone) return all;
			const together: Reason = {
				...first,
				subject: `${renaming.from} → ${renaming.to}${isPlainNote(first) ? ` (${listed(own.map(({ subject }) => subject))})` : ""}`,
				what: `${own.length} ${what}. Their names began with ${renaming.from}, and now begin with ${renaming.to}.`,
				evidence: own.map((each) => `${each.subject} → ${newNameOf(each)}`),
			};
			return all.flatMap((each) =>
				each === first ? [together] : others.includes(each) ? [each] : [],
			);
		},
		[...reasons],
	);
}

/** Of notes only the subject is printed. */
function listed(names: readonly string[]): string {
	const shown = 3;
	const others = names.length - shown;
	return [
		`${names.length} objects: ${names.slice(0, shown).join(", ")}`,
		...(others > 0 ? [`${others} more`] : []),
	].join(" and ");
}
