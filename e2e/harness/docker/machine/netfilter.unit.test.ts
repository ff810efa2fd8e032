import { expect, test } from "vitest";
import { judgeNetfilter } from "./netfilter.ts";

test("a kernel that refuses nothing is good", () => {
	expect(judgeNetfilter("looked\n").verdict).toBe("good");
});

test("what a kernel refuses is named, with the command that loads it", () => {
	const finding = judgeNetfilter(
		"missing xt_statistic\nmissing vxlan\nlooked\n",
	);
	expect(finding).toMatchObject({
		verdict: "doubtful",
		found: "the kernel refuses what Services need: xt_statistic, vxlan",
	});
	expect(finding.remedy).toContain("modprobe --all xt_statistic vxlan");
});

test("a look that was cut off is not good", () => {
	expect(judgeNetfilter("missing")).toMatchObject({
		verdict: "doubtful",
		found: "cannot be tried: the look did not come to its end",
	});
	expect(judgeNetfilter("unseen\n").found).toContain("has no iptables");
});
