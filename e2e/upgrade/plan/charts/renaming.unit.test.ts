import { expect, test } from "vitest";
import { makeSide } from "../cases/read-cases.ts";
import { renamedKey, renameWithin, renamingOf } from "./renaming.ts";

const side = (...names: string[]) =>
	makeSide([], {
		objects: names.map((each) => {
			const [kind = "", name = ""] = each.split("/");
			// Each role has pods and an image of its own.
			const role = name.split("-").at(-1);
			return {
				kind,
				name,
				...(kind === "Service" && { spec: { selector: { app: role } } }),
				...(kind === "Deployment" && {
					spec: {
						template: {
							spec: { containers: [{ name: "a", image: `x/${role}:1` }] },
						},
					},
				}),
			};
		}),
	});

const roles = (prefix: string) =>
	side(
		`Deployment/${prefix}-operator`,
		`Deployment/${prefix}-grafana`,
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

const exporter = (name: string, image = name) =>
	makeSide([], {
		objects: [
			{ kind: "ConfigMap", name: `${name}-config`, data: { a: "b" } },
			{
				kind: "Service",
				name: `${name}-exporter`,
				spec: { selector: { app: name } },
			},
			{
				kind: "ServiceMonitor",
				name: `${name}-exporter`,
				spec: { selector: { matchLabels: { app: name } } },
			},
			{
				kind: "Deployment",
				name: `${name}-exporter`,
				spec: {
					template: {
						spec: {
							containers: [{ name: "a", image: `ghcr.io/x/${image}:1` }],
						},
					},
				},
			},
		],
	});

test.each([
	["with another image", "mikrotik"],
	["with the same image, of another server", "unpoller"],
])("one exporter in place of another is no renaming: %s", (_, image) => {
	expect(
		renamingOf(exporter("unpoller"), exporter("mikrotik", image)),
	).toBeUndefined();
});

const nothing = { kind: "ConfigMap", name: "a" };

test.each([
	[
		"the name of another object",
		["old-a", "b"],
		["new-a", "b"],
		["new-a", "b"],
	],
	["what stays as it was", ["old-a"], ["old-a", "new-a"], ["old-a"]],
	["what is something else now", ["old-a"], ["c"], ["old-a"]],
	[
		"lines of a text",
		["x: old-a\ny: c"],
		["x: new-a\ny: d"],
		["x: new-a\ny: c"],
	],
	["the name alone", ["old"], ["new"], ["new"]],
])("within an object: %s", (_, before, after, expected) => {
	const [old, now] = [before, after].map(
		(items) => makeSide([], { objects: [{ ...nothing, items }] }).objects[0],
	);
	expect(
		old && now && renameWithin(old, { from: "old", to: "new" }, now).items,
	).toEqual(expected);
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
