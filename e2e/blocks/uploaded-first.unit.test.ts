import { expect, test } from "vitest";
import { whyCompactedBefore } from "./uploaded-first.ts";

const flags = (min: string, max: string, path = "") => ({
	"storage.tsdb.min-block-duration": min,
	"storage.tsdb.max-block-duration": max,
	"storage.tsdb.delay-compact-file.path": path,
});
const shipper = "/prometheus/thanos.shipper.json";
const named = ["sidecar", "--shipper.meta-file-name=thanos.shipper.json"];

test.each([
	["no compaction, as older operators have it", flags("2h", "2h"), []],
	["compaction after the upload", flags("2h", "6d", shipper), named],
	["Thanos' own file", flags("2h", "6d", shipper), ["sidecar"]],
])("blocks are uploaded first with %s", (_, given, sidecar) => {
	expect(whyCompactedBefore(given, sidecar)).toBeUndefined();
});

test.each([
	["2h", "6d", "", named, /blocks of 2h are compacted to blocks of up to 6d/],
	["2h", "6d", "/prometheus/else.json", named, /waits for .*else\.json/],
	["2h", "6d", shipper, ["--shipper.meta-file-name=other"], /in other$/],
])("of %s and %s, waiting for %s", (min, max, path, sidecar, why) => {
	expect(whyCompactedBefore(flags(min, max, path), sidecar)).toMatch(why);
});
