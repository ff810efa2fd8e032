import { expect, test } from "vitest";
import { findNewRefusals } from "./logs.ts";

const forbidden = (pod: string, time: string, resource: string) =>
	`${pod}/prometheus: time=${time} level=ERROR msg="Failed to watch" err="failed to list *v1.${resource}: ${resource} is forbidden: User \\"prometheus\\" cannot list resource"`;

test("a line that was logged before is not new, whichever pod logs it again and when", () => {
	const before = [forbidden("prometheus-0", "10:00:01", "Pod")];
	const after = [
		forbidden("prometheus-1", "10:07:30", "Pod"),
		forbidden("prometheus-1", "10:07:31", "Endpoints"),
	];
	expect(findNewRefusals(after, before)).toEqual([after[1]]);
	expect(findNewRefusals(after, [])).toEqual(after);
});
