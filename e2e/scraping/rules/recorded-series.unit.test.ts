import { expect, test } from "vitest";
import { hasTwin } from "./recorded-series.ts";

const makeRule = (name: string, labels: Readonly<Record<string, string>>) => ({
	rule: { name, labels },
});

test("a rule with the same name and labels, or more, has series that look alike", () => {
	const bare = makeRule("a:b", {});
	const same = makeRule("a:b", {});
	const more = makeRule("a:b", { verb: "read" });
	const other = makeRule("c:d", {});
	expect(hasTwin(bare.rule, [bare, other])).toBe(false);
	expect(hasTwin(bare.rule, [bare, same])).toBe(true);
	expect(hasTwin(bare.rule, [bare, more])).toBe(true);
	expect(hasTwin(more.rule, [bare, more])).toBe(false);
});
