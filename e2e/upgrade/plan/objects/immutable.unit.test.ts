import { expect, test } from "vitest";
import { makeSide } from "../cases/read-cases.ts";
import { compareImmutable, isRefusedChange } from "./immutable.ts";

function refused(kind: string, from: object, to: object) {
	const [old, now] = [from, to].map((content) =>
		makeSide([], { objects: [{ kind, name: "a", ...content }] }),
	);
	return old && now ? compareImmutable(old, now) : [];
}

const claim = (storage: string, storageClassName = "a") => ({
	spec: { storageClassName, resources: { requests: { storage } } },
});

test.each([
	[
		"PersistentVolumeClaim",
		claim("5Gi"),
		claim("2Gi"),
		"a claim can only become larger. Keep the old size",
	],
	["PersistentVolumeClaim", claim("5Gi"), claim("5Gi", "b"), "existingClaim"],
	[
		"PersistentVolume",
		{ spec: { nfs: { path: "/a" } } },
		{ spec: { nfs: { path: "/b" } } },
		"Retain",
	],
	["Secret", { type: "a" }, { type: "b" }, "pods that start until then"],
	["Job", { spec: { template: 1 } }, { spec: { template: 2 } }, "runs again"],
	[
		"Deployment",
		{ spec: { selector: 1 } },
		{ spec: { selector: 2 } },
		"Do not delete it with --cascade=orphan",
	],
	[
		"StatefulSet",
		{ spec: { serviceName: "a" } },
		{ spec: { serviceName: "b" } },
		"--cascade=orphan keeps its pods",
	],
	[
		"StatefulSet",
		{ spec: { selector: 1 } },
		{ spec: { selector: 2 } },
		"its volume claims stay",
	],
	["PriorityClass", { value: 1 }, { value: 2 }, "right before the upgrade"],
])("%s: %j to %j has the way out of its kind", (kind, from, to, wayOut) => {
	expect(refused(kind, from, to).map((each) => each.wayOut)).toEqual([
		expect.stringContaining(wayOut),
	]);
});

test("nobody is told to delete a volume claim", () => {
	const ways = [claim("2Gi"), claim("5Gi", "b")].flatMap((now) =>
		refused("PersistentVolumeClaim", claim("5Gi"), now),
	);
	expect(ways).toHaveLength(2);
	for (const { wayOut } of ways) {
		expect(wayOut).not.toContain("cascade");
		expect(wayOut).toContain("Do not delete this claim");
	}
});

test("only what is below a refused field is refused", () => {
	const [old, now] = ["a", "b"].map((name) => ({
		apiVersion: "v1",
		kind: "ClusterRoleBinding",
		metadata: { name: "a" },
		roleRef: { name },
	}));
	const isRefused = old && now ? isRefusedChange(old, now) : () => undefined;
	expect(
		["roleRef.name", "roleRef", "roleRefs", "subjects"].map(isRefused),
	).toEqual([true, true, false, false]);
});
