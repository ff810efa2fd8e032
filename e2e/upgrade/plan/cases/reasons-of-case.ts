import { flatten, type Reason } from "../../reasons.ts";
import { compareSides } from "../compare.ts";
import { asToolDoesIt } from "../tool/as-tool-does-it.ts";
import {
	type ComparisonCase,
	choiceOfCase,
	readCases,
	sidesOf,
} from "./read-cases.ts";

const tables = readCases();
const cases = new Map(
	["tools", "crds"]
		.flatMap((name) => tables.get(name) ?? [])
		.map((each) => [each.id, each]),
);
/** As in `with` of a case; Argo CD if it names no tool. */
export type WantedTool = Partial<NonNullable<ComparisonCase["with"]>>;

/** A case of cases/tools.yaml or cases/crds.yaml. @throws Error if there is none of this id */
export function caseNamed(id: string): ComparisonCase {
	const found = cases.get(id);
	if (!found) throw new Error(`there is no case ${id}`);
	return found;
}

/** All reasons of a case of plan/cases/, upgraded with what it says or with something else. */
export function reasonsOfCase(id: string, instead?: WantedTool): Reason[] {
	const found = caseNamed(id);
	const { before, after } = sidesOf(found);
	const choice = choiceOfCase(
		instead ? { with: { tool: "argo", helm: {}, ...instead } } : found,
	);
	const reasons = compareSides(before, after);
	return flatten(
		choice ? asToolDoesIt(reasons, before, after, choice) : reasons,
	);
}
