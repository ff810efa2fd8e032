import { expect, test } from "vitest";
import { lifecycle } from "../clients/bucket.ts";
import { findExpiringRules } from "./expiring-blocks.ts";

const find = (Rule: unknown) =>
	findExpiringRules(lifecycle.parse({ Rule }).Rule);
const rule = { ID: "tidy", Status: "Enabled", Expiration: { Days: 30 } };

test.each([
	["no rule", undefined],
	["another prefix", { ...rule, Filter: { Prefix: "backups/" } }],
	["another prefix, in the older form", [{ ...rule, Prefix: "loki/" }]],
	[
		"objects with a tag",
		{ ...rule, Filter: { Tag: { Key: "a", Value: "b" } } },
	],
	["a rule that is off", { ...rule, Status: "Disabled" }],
	[
		"unfinished uploads",
		{
			...rule,
			Expiration: "",
			AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
		},
	],
	[
		"old versions",
		{
			...rule,
			Expiration: { ExpiredObjectDeleteMarker: "true" },
			NoncurrentVersionExpiration: { NoncurrentDays: 1 },
		},
	],
])("blocks stay: %s", (_, rules) => {
	expect(find(rules)).toEqual([]);
});

test.each([
	[{ ...rule, Filter: "" }, /rule tidy deletes every object after 30 days/],
	[{ ...rule, Filter: { Prefix: "" } }, /every object/],
	[[{ ...rule, Prefix: "01J" }], /objects below 01J after 30 days/],
	[
		{ ...rule, Expiration: { Date: "2027-01-01T00:00:00Z" } },
		/every object on 2027-01-01T00:00:00Z/,
	],
])("%j: %s", (rules, message) => {
	expect(find(rules)).toEqual([expect.stringMatching(message)]);
});
