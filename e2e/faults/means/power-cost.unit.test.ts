import { describe, expect, test, vi } from "vitest";
import { pod } from "../../clients/kube-objects.ts";
import { EnvironmentError } from "../../common/errors.ts";
import { makeHistory } from "../../ledger/made-history.ts";
import {
	countCost,
	describeCost,
	findExcess,
	listStrangers,
	oldEnough,
} from "./power-cost.ts";

const writeBack = { expire: 2, interval: 0.5, commit: 0.5 };
/** A number each second. */
const before = makeHistory("a".repeat(20)).acknowledged;

test("the last seconds may be lost", () => {
	const cost = countCost({ before, lost: before.slice(15) });
	expect(cost.seconds).toBe(4);
	expect(findExcess(cost, writeBack, [])).toEqual([]);
	expect(describeCost(cost, writeBack)).toContain(
		"cost 5 of 20 acknowledged samples, those of the last 4.0 s",
	);
});

test("nothing may be lost", () => {
	const cost = countCost({ before, lost: [] });
	expect(cost.seconds).toBe(0);
	expect(findExcess(cost, writeBack, [])).toEqual([]);
});

test("what the kernel had written back is not lost", () => {
	const cost = countCost({ before, lost: before.slice(5) });
	expect(findExcess(cost, writeBack, ["the WAL is on tmpfs"])).toEqual([
		"what was written to the WAL is on the disk after 8 s at most (vm.dirty_expire_centisecs 200, vm.dirty_writeback_centisecs 50, and a commit of the journal every 0.5 s), but the oldest of 15 lost samples was acknowledged 14.0 s before the power went; the WAL is on tmpfs",
	]);
});

test("only the last are lost", () => {
	const cost = countCost({ before, lost: before.slice(16, 18) });
	expect(findExcess(cost, writeBack, [])).toEqual([
		"the power cut cost other samples than the last: number 17 is lost, of 20, and later ones are there",
	]);
});

test("a container that uses the volume is named", () => {
	const claim = "prometheus-db-0";
	const volumeMounts = [{ name: "db", mountPath: "/prometheus" }];
	const found = pod.parse({
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name: "prometheus-0", uid: "1" },
		spec: {
			volumes: [
				{ name: "db", persistentVolumeClaim: { claimName: claim } },
				{ name: "config" },
			],
			initContainers: [{ name: "remedy", volumeMounts }],
			containers: [
				{ name: "prometheus", volumeMounts },
				{ name: "other", volumeMounts: [{ name: "config", mountPath: "/c" }] },
			],
		},
	});
	expect(listStrangers(found, claim)).toEqual([
		"init container remedy has mounted the volume, too",
	]);
});

describe("with blocks of 45 s", () => {
	const kernel = { expire: 30, interval: 5, commit: 5 };

	test("a number is old enough before it is in a block, whatever the patience", () => {
		vi.stubEnv("O11Y_E2E_PATIENCE", "4");
		expect(oldEnough(kernel, 45_000)).toBe(47);
	});

	test.each([
		{ ...kernel, expire: 60 },
		{ ...kernel, interval: 0 },
	])("a kernel that keeps it for longer is the machine's fault: %j", (slow) => {
		expect(() => oldEnough(slow, 45_000)).toThrow(EnvironmentError);
	});
});
