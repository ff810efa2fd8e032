import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { projectPath } from "../../../common/paths.ts";
import { makeSide, shortObject } from "../cases/read-cases.ts";
import { brokenRules } from "./object-rules.ts";

const cases = z
	.array(
		z.strictObject({
			object: shortObject,
			cluster: z.string().default("1.34.1"),
			says: z.string().optional(),
		}),
	)
	.parse(
		parse(
			readFileSync(
				projectPath("e2e/upgrade/plan/api/rules/cases.yaml"),
				"utf8",
			),
		),
	);

test.each(cases)("$object: $says", ({ object, cluster, says }) => {
	const [made] = makeSide([], { objects: [object] }).objects;
	expect(made && brokenRules(made, cluster)).toEqual(
		says === undefined ? [] : [expect.stringContaining(says)],
	);
});
