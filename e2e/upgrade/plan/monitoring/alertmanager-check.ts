import { makeReason, type Reason } from "../../reasons.ts";
import type { Side } from "../charts/side.ts";
import { configurationTexts } from "./routing.ts";

/** Has amtool check a configuration of Alertmanager. @returns why it refuses it; undefined if it does not */
export type CheckAlertmanager = (text: string) => Promise<string | undefined>;

/** Configurations that Alertmanager refuses, and that are not those of before. */
export async function findRefusedRouting(
	a: Side,
	b: Side,
	check: CheckAlertmanager,
): Promise<Reason[]> {
	const before = configurationTexts(a).map(({ text }) => text);
	const changed = configurationTexts(b).filter(
		({ text }) => !before.includes(text),
	);
	const reasons = await Promise.all(
		changed.map(async ({ name, text }) => {
			const problem = await check(text);
			if (problem === undefined) return [];
			const old = await Promise.all(before.map(check));
			return old.includes(problem)
				? []
				: [
						makeReason(
							"alertmanager-refused",
							name,
							`Alertmanager refuses its configuration: ${problem}.`,
						),
					];
		}),
	);
	return reasons.flat();
}
