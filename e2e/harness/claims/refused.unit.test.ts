import { expect, test } from "vitest";
import { demandTaken } from "./refused.ts";

test("only what is refused ends a test, in the words of who refuses it", () => {
	const refused = [
		{ kind: "Alertmanager", says: 'undefined receiver "null" used in route' },
	] as const;
	expect(() => demandTaken({ refused }, "Alertmanager")).toThrow(
		'there is no Alertmanager as the values want it: undefined receiver "null" used in route',
	);
	expect(() => demandTaken({ refused }, "Prometheus")).not.toThrow();
	expect(() => demandTaken({}, "Alertmanager")).not.toThrow();
});
