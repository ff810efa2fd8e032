import { expect, test } from "vitest";
import { quoteLastFailure } from "./failed-notifications.ts";

test.each([
	[
		"pairs",
		[
			'time=2026-05-01T12:00:00Z level=ERROR source=dispatch.go:353 msg="Notify for alerts failed" component=dispatcher num_alerts=1 err="slack/slack[0]: notify retry canceled: template: :1: function \\"upper\\" not defined"',
			"time=2026-05-01T12:00:01Z level=INFO source=nflog.go:533 msg=Maintenance",
		],
		', the last one because of slack/slack[0]: notify retry canceled: template: :1: function "upper" not defined',
	],
	[
		"JSON",
		[
			'{"time":"2026-05-01T12:00:00Z","level":"WARN","msg":"Notify attempt failed, will retry later","err":"unexpected status code 404"}',
		],
		", the last one because of unexpected status code 404",
	],
	["nothing of it", ["level=ERROR msg=gossip err=refused", ""], ""],
])("the last failure is quoted from a log of %s", (_, lines, quoted) => {
	expect(quoteLastFailure(lines.join("\n"))).toBe(quoted);
});
