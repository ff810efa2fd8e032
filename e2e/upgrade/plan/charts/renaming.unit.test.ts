import { expect, test } from "vitest";
import { makeSide } from "../cases/read-cases.ts";
import { renamedKey, renamingOf } from "./renaming.ts";

const side = (...names: string[]) =>
	makeSide([], {
		objects: names.map((each) => {
			const [kind = "", name = ""] = each.split("/");
			return { kind, name };
		}),
	});

const roles = (prefix: string) =>
	side(
		`Deployment/${prefix}-operator`,
		`Service/${prefix}-operator`,
		`Service/${prefix}-prometheus`,
		"Service/other",
	);

test.each([
	["kps-stack", "prom"],
	["prom", "prom-stack"],
	["a-kube-prometheus", "b-kube-prometheus"],
])("from %s to %s is one renaming", (from, to) => {
	const renaming = renamingOf(roles(from), roles(to));
	const [old] = roles(from).objects;
	expect(old && renamedKey(old, renaming)).toBe(
		`Deployment/monitoring/${to}-operator`,
	);
});

test.each([
	["equal sides", roles("a"), roles("a")],
	[
		"too few",
		side("Service/a-x", "Deployment/a-x"),
		side("Service/b-x", "Deployment/b-x"),
	],
	[
		"one kind",
		side("Service/a-x", "Service/a-y", "Service/a-z"),
		side("Service/b-x", "Service/b-y", "Service/b-z"),
	],
	[
		"other endings",
		side("Service/a-x", "Service/a-y", "Deployment/a-z"),
		side("Service/b-u", "Service/b-v", "Deployment/b-w"),
	],
	["what is only removed", roles("a"), side("Service/other")],
])("%s: no renaming", (_, a, b) => {
	expect(renamingOf(a, b)).toBeUndefined();
});
