import { readFileSync } from "node:fs";
import { satisfies, validRange } from "semver";
import { z } from "zod";
import { parseYamlDocuments } from "../../../common/parsing/yaml-documents.ts";
import { projectPath } from "../../../common/paths.ts";
import { dangers } from "../../reason-kinds.ts";
import { makeReason, type Reason } from "../../reasons.ts";
import type { Side } from "../charts/side.ts";
import { condition, isMet } from "./conditions.ts";
import { type KnownComponent, knownComponents, versionOf } from "./versions.ts";

const range = z.string().refine((text) => validRange(text) !== null, {
	error: "this is not a range of versions",
});

const fact = z.strictObject({
	id: z.string().regex(/^[a-z0-9-]+$/),
	component: z.enum(knownComponents),
	/** The new version is in this range, and the old one is not. */
	reached: range,
	/** The old version is in this range. */
	left: range.optional(),
	/** Ranges of other knownComponents of the new side. */
	beside: z.partialRecord(z.enum(knownComponents), range).default({}),
	/** All must hold of the new side. */
	when: z.array(condition).default([]),
	danger: z.enum(dangers),
	says: z.string(),
	source: z.url(),
	wayOut: z.string(),
});
export type Fact = z.infer<typeof fact>;

/** What is known about versions and no chart shows. */
export const facts: readonly Fact[] = z
	.array(fact)
	.parse(
		parseYamlDocuments(
			readFileSync(projectPath("e2e/upgrade/known.yaml"), "utf8"),
		)[0],
	);

/** The facts that an upgrade meets. */
export function compareKnown(a: Side, b: Side): Reason[] {
	return facts
		.filter((each) => meets(each, a, b))
		.map(({ id, component, danger, says, source, wayOut }) =>
			makeReason("known-fact", id, says, {
				evidence: [
					`${component} ${versionOf(a, component)} → ${versionOf(b, component)}`,
					source,
				],
				danger,
				wayOut,
			}),
		);
}

/** Reached from outside of the range; or the condition comes true in it, unless the fact is about leaving a range. */
function meets(fact: Fact, a: Side, b: Side): boolean {
	const { component, reached, left } = fact;
	const from = versionOf(a, component);
	const to = versionOf(b, component);
	if (!from || !to || !satisfies(to, reached)) return false;
	if (left !== undefined) return satisfies(from, left) && holdsOn(fact, b);
	return holdsOn(fact, b) && (!satisfies(from, reached) || !holdsOn(fact, a));
}

function holdsOn({ beside, when }: Fact, side: Side): boolean {
	return (
		Object.entries(beside).every(([name, wanted]) =>
			isBeside(side, name, wanted),
		) && when.every((each) => isMet(each, side))
	);
}

function isBeside(side: Side, name: string, wanted: string): boolean {
	const component = knownComponents.find(
		(each): each is KnownComponent => each === name,
	);
	const version = component && versionOf(side, component);
	return version !== undefined && satisfies(version, wanted);
}
