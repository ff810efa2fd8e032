import { expect, test } from "vitest";
import { pod } from "../clients/kube-objects.ts";
import {
	describeOthersWithData,
	statefulSet,
	whyVolumeClaimGoes,
} from "./data-volume.ts";

const data = [{ name: "db", mountPath: "/prometheus" }];
const config = [{ name: "config", mountPath: "/etc/prometheus" }];

function describe(initContainers: object[], containers: object[] = []) {
	return describeOthersWithData(
		pod.parse({
			apiVersion: "v1",
			kind: "Pod",
			metadata: { name: "prometheus-0", namespace: "monitoring", uid: "1" },
			spec: {
				initContainers,
				containers: [
					{ name: "prometheus", volumeMounts: [...data, ...config] },
					{ name: "thanos-sidecar", volumeMounts: data },
					...containers,
				],
				volumes: [
					{ name: "db", persistentVolumeClaim: { claimName: "db-0" } },
					{ name: "config" },
				],
			},
		}),
	);
}

test("other containers that have Prometheus' data are named", () => {
	expect(
		describe([{ name: "init-config-reloader", volumeMounts: config }]),
	).toBe(undefined);
	expect(
		describe(
			[{ name: "tidy", volumeMounts: data }],
			[{ name: "other", volumeMounts: data }],
		),
	).toBe(
		"container tidy and other of Prometheus' pod has its data mounted, too",
	);
});

test("a volume claim goes with its StatefulSet only if that says so", () => {
	const say = (spec: object) =>
		whyVolumeClaimGoes(
			statefulSet.parse({
				apiVersion: "apps/v1",
				kind: "StatefulSet",
				metadata: { name: "prometheus", namespace: "monitoring", uid: "1" },
				spec,
			}),
		);
	expect(say({})).toBeUndefined();
	const policy = { whenDeleted: "Retain", whenScaled: "Delete" };
	expect(say({ persistentVolumeClaimRetentionPolicy: policy })).toBe(undefined);
	expect(
		say({ persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete" } }),
	).toMatch(/is deleted together with StatefulSet prometheus/);
});
