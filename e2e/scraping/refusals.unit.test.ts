import { expect, test } from "vitest";
import { describeRefusal } from "./refusals.ts";

test("the operator's last warning says why it refuses an object", () => {
	expect(
		describeRefusal([
			{ type: "Warning", message: "an older one" },
			{
				type: "Warning",
				message: '"m/x" was rejected due to invalid configuration: y',
			},
			{ type: "Normal", message: "created" },
		]),
	).toBe(
		'the operator refuses it: "m/x" was rejected due to invalid configuration: y',
	);
	expect(describeRefusal([])).toMatch(/^Prometheus selects it, and no event/);
});
