import { expect, test } from "vitest";
import { isAskedFor } from "./unread-values.ts";

test.each([
	["{{ if .Values.crds.create }}", true],
	["{{ if .Values.create }}", true],
	["{{ with .Values.crds }}{{ .create }}{{ end }}", true],
	["{{ $crds.create }}", true],
	['{{ dig "crds" "create" false .Values }}', true],
	["{{ if .Values.serviceAccount.create }}", false],
	["{{ .Values.crds.created }}", false],
	['{{ if .Values.rbac }}\nverbs: ["get", "create"]\n{{ end }}', false],
])("%s asks for crds.create: %s", (templates, asks) => {
	expect(isAskedFor({ templates }, ["crds", "create"])).toBe(asks);
});
