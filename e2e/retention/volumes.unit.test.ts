import { expect, test } from "vitest";
import { explainSize } from "./volumes.ts";

const requested = 8 * 2 ** 30;

test.each([
	["a node's whole file system", 270_000_000_000],
	["a file system that was not grown with it", 2 ** 30],
	["no file system", 0],
])("a volume with %s does not match its volume claim", (_, capacity) => {
	expect(
		explainSize({
			volumeClaim: "db",
			requested,
			provisioned: requested,
			capacity,
		}),
	).toEqual([
		`volume claim db asks for 8589934592 bytes and got 8589934592, and its file system has ${capacity}`,
	]);
});

test.each([
	["a file system of the full size", requested],
	["the size that ext4 leaves", 8_350_298_112],
])("a volume with %s matches its volume claim", (_, capacity) => {
	expect(
		explainSize({
			volumeClaim: "db",
			requested,
			provisioned: requested,
			capacity,
		}),
	).toEqual([]);
});

test("a volume that the provisioner has rounded up matches its volume claim", () => {
	const rounded = { requested: 8e9, provisioned: 8_002_732_032 };
	const capacity = 8_001_000_000;
	expect(explainSize({ volumeClaim: "db", ...rounded, capacity })).toEqual([]);
});
