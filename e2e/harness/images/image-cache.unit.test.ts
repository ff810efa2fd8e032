import { expect, test } from "vitest";
import { pickBuilt } from "./image-cache.ts";

test("only what was built is kept: what a registry has changes without the key of the folder", () => {
	const pulled = { reference: "quay.io/a/b:1", local: "quay.io/a/b:1" };
	const built = {
		reference: "crds",
		local: "built-here.o11y-e2e.invalid/crds:0123456789ab",
		standIn: { component: "crds", version: "v1" },
	};
	const about = { source: "pull", architecture: "x64" };
	expect(
		pickBuilt({
			...about,
			components: { pulled, crds: built },
			references: [pulled, built],
		}),
	).toEqual({ ...about, components: { crds: built }, references: [built] });
});
