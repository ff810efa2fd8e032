import { expect, test } from "vitest";
import { errorsByFile } from "./promtool.ts";

test("what promtool says is taken apart by files, without places", () => {
	const output = `Checking new-0.json
Checking old-0.json
  SUCCESS: 1 rules found

  FAILED:
new-0.json: 4:22: group "own", rule 1, "A": could not parse expression: 1:8: parse error: expected type scalar
new-0.json: 0:0: 0:0: group "own", rule 2, "": one of 'record' or 'alert' must be set
  FAILED:
new-1.json: yaml: unmarshal errors:
  line 1: field a not found in type rulefmt.RuleGroup
`;
	expect([
		...errorsByFile(output, ["new-0.json", "old-0.json", "new-1.json"]),
	]).toEqual([
		[
			"new-0.json",
			[
				'group "own", rule 1, "A": could not parse expression: 1:8: parse error: expected type scalar',
				`group "own", rule 2, "": one of 'record' or 'alert' must be set`,
			],
		],
		[
			"new-1.json",
			[
				"yaml: unmarshal errors: line 1: field a not found in type rulefmt.RuleGroup",
			],
		],
	]);
});
