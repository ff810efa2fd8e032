import { expect, test } from "vitest";
import { makeSide } from "../cases/read-cases.ts";
import { provisionedIn } from "./provisioned.ts";

test.each([
	["a name that is a number", "name: 2025", "2025", 1],
	["no name", "folder: f", "", 1],
	["an empty name", "name: ", "", 1],
	["another organisation", "name: g, orgId: 2", "g", 2],
	["an organisation by a variable", "name: g, orgId: $ORG", "g", 1],
])("a group of alerts with %s is read", (_, written, name, orgId) => {
	const side = makeSide(
		[
			{
				kind: "ConfigMap",
				name: "a",
				data: {
					"a.yaml": `groups: [{${written}, rules: [{uid: r, title: 404}]}]`,
				},
			},
		],
		{},
	);
	expect(provisionedIn(side).alertGroups).toEqual([
		expect.objectContaining({
			name,
			orgId,
			rules: [{ uid: "r", title: "404" }],
		}),
	]);
});
