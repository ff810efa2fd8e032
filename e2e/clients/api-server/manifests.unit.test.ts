import { expect, test } from "vitest";
import { parseManifests } from "./manifests.ts";

test("labels with nothing below them are none", () => {
	const [made] = parseManifests(`
apiVersion: v1
kind: Service
metadata:
  name: a
  labels:
  annotations: { b: c }
`);
	expect(made?.metadata).toEqual({ name: "a", annotations: { b: "c" } });
});

test("empty documents are left out, and lists are flattened", () => {
	const item = "{ apiVersion: v1, kind: Pod, metadata: { name: a } }";
	expect(
		parseManifests(`---\n---\napiVersion: v1\nkind: PodList\nitems: [${item}]`),
	).toEqual([{ apiVersion: "v1", kind: "Pod", metadata: { name: "a" } }]);
});
