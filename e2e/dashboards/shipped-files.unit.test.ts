import { expect, test } from "vitest";
import {
	findDashboardConflicts,
	findUnread,
	readFiles,
	type ShippedFile,
} from "./shipped-files.ts";

function makeFile(
	configMap: string,
	model: object,
	more: object = {},
): ShippedFile {
	return {
		name: `${configMap}.json`,
		configMap: `media/${configMap}`,
		folder: "",
		text: JSON.stringify(model),
		ofChart: false,
		...more,
	};
}

function conflicts(files: readonly ShippedFile[], uniqueNames = false) {
	return findDashboardConflicts(
		files,
		readFiles(files).dashboards,
		uniqueNames,
	);
}

test("what Grafana cannot read is told, and the others are read", () => {
	const { dashboards, flaws } = readFiles([
		makeFile("a", { uid: "a", title: "A" }),
		makeFile("b", { title: "B" }, { name: "README.md" }),
		makeFile("c", {}, { text: '{"title": "C",}' }),
		makeFile("d", { uid: "d" }),
	]);
	expect(dashboards).toEqual([
		{
			source: "media/a/a.json",
			uid: "a",
			title: "A",
			folder: "",
			ofChart: false,
		},
	]);
	expect(flaws).toEqual([
		expect.stringMatching(
			/^media\/c\/c.json is no dashboard: .*JSON at position/,
		),
		expect.stringMatching(/^media\/d\/d.json is no dashboard: .*title/s),
	]);
});

test("dashboards that take each other's place are told", () => {
	const a = makeFile("a", { uid: "x", title: "A" });
	expect(conflicts([a, makeFile("b", { uid: "y", title: "B" })])).toEqual([]);
	expect(conflicts([a, makeFile("b", { uid: "x", title: "B" })])).toEqual([
		"uid x is in media/a/a.json and media/b/b.json: Grafana shows one of them, and then takes no change of any dashboard",
	]);
	const sameTitle = { title: "A" };
	expect(conflicts([a, makeFile("b", sameTitle)])).toEqual([
		expect.stringContaining('the title "A" is in media/a/a.json and media/b'),
	]);
	expect(conflicts([a, makeFile("b", sameTitle, { folder: "B" })])).toEqual([]);
	const sameFile = [a, makeFile("b", { title: "B" }, { name: "a.json" })];
	expect(conflicts(sameFile)).toEqual([
		"media/a and media/b have a file a.json, of which the sidecar keeps one",
	]);
	expect(conflicts(sameFile, true)).toEqual([]);
});

test("a labelled ConfigMap without a file of Grafana's is told", () => {
	expect(
		findUnread([
			{ name: "media/a", keys: ["dashboard", "b.JSON"] },
			{ name: "media/b", keys: [] },
			{ name: "media/c", keys: ["c.json", "README"] },
			{ name: "media/d", keys: ["d.json.url"] },
		]),
	).toEqual([
		"media/a has the label and no dashboard: Grafana reads files that end with .json, and it has dashboard, b.JSON",
		"media/b has the label and no dashboard: Grafana reads files that end with .json, and it has none",
	]);
});
