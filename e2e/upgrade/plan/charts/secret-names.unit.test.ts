import { expect, test } from "vitest";
import { isSecretName } from "./secret-names.ts";

test.each([
	["grafana.adminPassword", true],
	["bearer_token", true],
	["secureJsonData.httpHeaderValue1", true],
	["prometheusOperator.secretFieldSelector", false],
	["grafana.admin.existingSecret", false],
	["automountServiceAccountToken", false],
	["objectStorageConfig.existingSecret.name", false],
	["retention", false],
	["grafana.admin.passwordKey", false],
	["tokenExpirationSeconds", false],
	["spec.secretTemplate.metadata", false],
	["auth.token_url", false],
	["bearerTokenFile", false],
	["spec.data[a].secretKey", false],
	["basicAuth.password.name", true],
	["env[DB_PASSWORD].value", true],
	["security.secret_key", true],
	["config.secretKey", true],
	["secureSettings.url", true],
	["auth.client_secret", true],
])("%s may be secret: %s", (name, expected) => {
	expect(isSecretName(name)).toBe(expected);
});
