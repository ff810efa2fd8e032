import { expect, test } from "vitest";
import { makeSide } from "../cases/read-cases.ts";
import { findRefusedRouting } from "./alertmanager-check.ts";

const sideOf = (stringData: Record<string, string>) =>
	makeSide([], { objects: [{ kind: "Secret", name: "am", stringData }] });
const configuration = "templates:\n  - /etc/alertmanager/config/*.tmpl\n";

test("amtool gets the templates that lie beside a configuration, and is not asked about what stays", async () => {
	const asked: unknown[] = [];
	const check = async (files: unknown) => {
		asked.push(files);
		return undefined;
	};
	const old = sideOf({ "alertmanager.yaml": configuration, "a.tmpl": "a" });
	expect(await findRefusedRouting(old, old, check)).toEqual([]);
	expect(asked).toEqual([]);
	const now = sideOf({ "alertmanager.yaml": configuration, "a.tmpl": "b" });
	await findRefusedRouting(old, now, check);
	expect(asked).toEqual([
		{ text: "templates:\n  - ./*.tmpl\n", templates: { "a.tmpl": "b" } },
	]);
});

test("what was refused for the same before is nothing new", async () => {
	const [old, now] = ["a", "b"].map((text) =>
		sideOf({ "alertmanager.yaml": text }),
	);
	const ids = async (check: () => Promise<string>) =>
		old && now ? await findRefusedRouting(old, now, check) : [];
	expect(await ids(async () => "no")).toEqual([]);
	let count = 0;
	expect(await ids(async () => `no ${count++}`)).toHaveLength(1);
});
