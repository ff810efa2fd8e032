import { expect, test } from "vitest";
import { stringify } from "yaml";
import type { Manifest } from "../../../clients/kube-objects.ts";
import { hasIssuer } from "./of-certificates.ts";
import { findOwnSecrets } from "./own-secrets.ts";

const make = (kind: string, name: string, spec: object): Manifest => ({
	apiVersion: "cert-manager.io/v1",
	kind,
	metadata: { name },
	spec,
});
const certificate = make("Certificate", "grafana", {
	secretName: "grafana-tls",
	issuerRef: { kind: "ClusterIssuer", name: "home" },
});

test.each([
	["signs itself", make("ClusterIssuer", "home", { selfSigned: {} }), true],
	[
		"has an authority",
		make("Issuer", "home", { ca: { secretName: "x" } }),
		true,
	],
	["asks Let's Encrypt", make("ClusterIssuer", "home", { acme: {} }), false],
	[
		"has another name",
		make("ClusterIssuer", "other", { selfSigned: {} }),
		false,
	],
])("an issuer that %s", (_, issuer, makesIt) => {
	expect(hasIssuer(certificate, [certificate, issuer])).toBe(makesIt);
});

test("the Secret of a Certificate whose issuer is not in the values is made", () => {
	const volumes = [{ name: "tls", secret: { secretName: "grafana-tls" } }];
	const grafana = {
		...make("Deployment", "grafana", {
			template: { spec: { containers: [], volumes } },
		}),
		apiVersion: "apps/v1",
	};
	const secretsOf = (...manifests: readonly Manifest[]) =>
		findOwnSecrets(
			manifests.map((each) => stringify(each)).join("---\n"),
			"monitoring",
			{ forClaims: true },
		).map(({ name }) => name);
	const issuer = make("ClusterIssuer", "home", { selfSigned: {} });
	expect(secretsOf(grafana, certificate)).toEqual(["grafana-tls"]);
	expect(secretsOf(grafana, certificate, issuer)).toEqual([]);
});
