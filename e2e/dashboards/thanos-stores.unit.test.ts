import { expect, test } from "vitest";
import { whyFewerStores } from "./thanos-stores.ts";

const sidecar = [{ name: "10.42.1.7:10901" }];
const store = [{ name: "10.42.1.9:10901" }];

test("a datasource must not lead to a query that asks less than Thanos' own", () => {
	expect(whyFewerStores({ sidecar }, { sidecar, store })?.reason).toBe(
		"the query of its url asks sidecar, and no store: what only that has is in no panel",
	);
	expect(whyFewerStores({}, { sidecar })?.reason).toMatch(/asks no store/);
	expect(
		whyFewerStores({ sidecar, store: [] }, { sidecar, store }),
	).toBeDefined();
});

test("nothing is said of what Thanos' own query does not ask either, nor of further stores", () => {
	expect(whyFewerStores({ sidecar }, { sidecar })).toBeUndefined();
	expect(whyFewerStores({ sidecar, store }, { sidecar })).toBeUndefined();
});
