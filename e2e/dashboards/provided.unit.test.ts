import { expect, test } from "vitest";
import { KubeError } from "../clients/api-server/kube-error.ts";
import { listProvided } from "./provided.ts";

const provisioned = ["shipped", "home", "e2e-r1-abc-canary", "gone"];

test("dashboards of files count, not those that are shipped, planted, saved by hand, or gone", async () => {
	const asked: string[] = [];
	const grafana = {
		dashboards: async () =>
			[...provisioned, "by-hand"].map((uid) => ({ uid, title: uid })),
		dashboard: async (uid: string) => {
			asked.push(uid);
			if (uid === "gone")
				throw new KubeError("no such dashboard", {
					status: 404,
					noAnswer: false,
				});
			return {
				dashboard: { uid, title: uid },
				meta: { provisioned: provisioned.includes(uid) },
			};
		},
	};
	const found = await listProvided(grafana, ["shipped"], (uid) =>
		uid.startsWith("e2e-r1-"),
	);
	expect(found).toEqual(["home"]);
	expect(asked).toEqual(["home", "gone", "by-hand"]);
});
