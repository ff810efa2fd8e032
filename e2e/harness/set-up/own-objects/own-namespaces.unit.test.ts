import { expect, test } from "vitest";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { makeOwnNamespaces } from "./own-namespaces.ts";

const make = (
	namespace?: string,
	kind = "ConfigMap",
	name = "x",
): Manifest => ({
	apiVersion: "v1",
	kind,
	metadata: { name, namespace },
});

test("a namespace that only objects of the values are in is made once", () => {
	const { objects, sentences } = makeOwnNamespaces(
		[
			make("longhorn-system"),
			make("longhorn-system", "RecurringJob"),
			make("kube-system"),
			make("monitoring"),
			make("loki"),
			make("team"),
			make(undefined, "Namespace", "team"),
			make(),
		],
		[make(undefined, "Namespace", "loki")],
		"monitoring",
	);
	expect(objects).toEqual([
		{
			apiVersion: "v1",
			kind: "Namespace",
			metadata: { name: "longhorn-system" },
		},
	]);
	expect(sentences).toHaveLength(1);
});
