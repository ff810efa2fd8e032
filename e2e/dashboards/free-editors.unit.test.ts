import { expect, test } from "vitest";
import { KubeError } from "../clients/api-server/kube-error.ts";
import { findFreeEditors } from "./free-editors.ts";

/** @param refusal the status with which Grafana refuses; undefined if it saves what nobody has signed */
function find(refusal: number | undefined) {
	const deleted: string[] = [];
	const found = findFreeEditors(
		{
			anonymous: {
				save: async () => {
					if (refusal) throw new KubeError("refused", { status: refusal });
				},
			},
			grafana: {
				delete: async (uid) => {
					deleted.push(uid);
				},
			},
		},
		"planted",
		{ "auth.anonymous": { enabled: "true", org_role: "Editor" } },
	);
	return { found, deleted };
}

test.each([401, 403])(
	"with %i, nobody edits without credentials",
	async (status) => {
		const { found, deleted } = find(status);
		expect(await found).toEqual([]);
		expect(deleted).toEqual([]);
	},
);

test("what could be saved is told of, and deleted", async () => {
	const { found, deleted } = find(undefined);
	expect(await found).toEqual([
		"without credentials a dashboard could be saved (auth.anonymous org_role Editor)",
	]);
	expect(deleted).toEqual(["planted"]);
});

test("an answer that is no refusal says nothing", async () => {
	await expect(find(500).found).rejects.toThrow("refused");
});
