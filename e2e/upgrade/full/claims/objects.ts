import { parseManifests } from "../../../clients/api-server/manifests.ts";
import { crd } from "../../plan/charts/crd-schema.ts";
import { undeclaredBy } from "../../plan/objects/crds.ts";
import { findNewRefusals, findRefusals } from "../logs.ts";
import type { UpgradeClaim } from "./claim.ts";

export const nothingIsRefused: UpgradeClaim = {
	id: "nothing-is-refused",
	title: "no log line reports an unknown or refused field",
	reason: "field-refused",
	check: async ({ stack, window, refusedBefore }) => ({
		flaws: findNewRefusals(
			await findRefusals(stack.kube, stack.namespace, window.from),
			refusedBefore,
		),
	}),
};

export const nothingIsPruned: UpgradeClaim = {
	id: "nothing-is-pruned",
	title: "the cluster's CRDs have every field that the chart sets",
	reason: "field-pruned",
	check: async ({ stack, installed }) => {
		const live = await stack.kube.list(
			{
				apiVersion: "apiextensions.k8s.io/v1",
				kind: "CustomResourceDefinition",
			},
			crd,
		);
		const objects = parseManifests(installed);
		return { flaws: undeclaredBy({ objects }, live) };
	},
};

export const everythingIsReconciled: UpgradeClaim = {
	id: "everything-is-reconciled",
	title: "the operator reconciles every object that it reconciled before",
	reason: "unreconciled",
	check: async ({ before, after }) => ({
		flaws: after.unreconciled.filter(
			(each) => !before.unreconciled.includes(each),
		),
	}),
};
