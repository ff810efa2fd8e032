import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseManifests } from "../../../clients/api-server/manifests.ts";
import { areUsual, keysOfHomelabs, writeAskedKeys } from "./homelab-keys.ts";

const name = "grafana-admin";
const usual = {
	"admin-user": "GRAFANA_ADMIN_USER",
	"admin-password": "GRAFANA_ADMIN_PASSWORD",
} as const;

test("a Secret has its usual keys, unless the values ask for others", () => {
	expect(keysOfHomelabs("another", [])).toBeUndefined();
	expect(keysOfHomelabs(name, [])).toEqual(usual);
	const word = {
		name,
		key: "word",
		content: "GRAFANA_ADMIN_PASSWORD",
	} as const;
	const asked = keysOfHomelabs(name, [word]);
	expect(asked).toEqual({
		"admin-user": "GRAFANA_ADMIN_USER",
		word: "GRAFANA_ADMIN_PASSWORD",
	});
	expect(areUsual(name, asked ?? {})).toBe(false);
	expect(areUsual(name, usual)).toBe(true);
	// Something else has the password by its usual key.
	const other = { name, key: "admin-password", content: "unknown" } as const;
	expect(keysOfHomelabs(name, [word, other])).toEqual({
		...usual,
		word: "GRAFANA_ADMIN_PASSWORD",
	});
});

const grafana = (key: string) =>
	parseManifests(`
apiVersion: apps/v1
kind: Deployment
metadata: { name: grafana }
spec:
  template:
    spec:
      containers:
        - name: grafana
          env:
            - name: GF_SECURITY_ADMIN_USER
              valueFrom: { secretKeyRef: { name: grafana-admin, key: ${key} } }
`);

test("External Secrets writes the keys that the values ask for", () => {
	const text = readFileSync("stack/addons/external-secrets.yaml", "utf8");
	const write = (key: string) => writeAskedKeys(text, grafana(key));
	expect(write("admin-user")).toBe(text);
	const written = parseManifests(write("user")).find(
		({ kind, metadata }) => kind === "ExternalSecret" && metadata.name === name,
	);
	expect(written).toMatchObject({
		spec: {
			data: [
				{
					secretKey: "admin-password",
					remoteRef: { key: "GRAFANA_ADMIN_PASSWORD" },
				},
				{ secretKey: "user", remoteRef: { key: "GRAFANA_ADMIN_USER" } },
			],
		},
	});
	expect(() => writeAskedKeys("", grafana("user"))).toThrow(
		"does not write admin-user and admin-password to Secret grafana-admin",
	);
});
