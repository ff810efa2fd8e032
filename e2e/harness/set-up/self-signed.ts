import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import forge from "node-forge";

/** A certificate that is its own authority, and its private key, both in PEM. */
export interface SelfSigned {
	readonly cert: string;
	readonly key: string;
}

/** Milliseconds. */
const day = 24 * 60 * 60 * 1000;

/** Makes a certificate for some DNS names. It holds for a year, so that a kept cluster does not outlive it. */
export async function makeSelfSigned(
	names: readonly string[],
): Promise<SelfSigned> {
	const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", {
		modulusLength: 2048,
		publicKeyEncoding: { type: "spki", format: "pem" },
		privateKeyEncoding: { type: "pkcs8", format: "pem" },
	});
	const certificate = forge.pki.createCertificate();
	certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
	certificate.serialNumber = "01";
	// The cluster's clock may be behind.
	certificate.validity.notBefore = new Date(Date.now() - day);
	certificate.validity.notAfter = new Date(Date.now() + 365 * day);
	const owner = [{ name: "commonName", value: "o11y-e2e" }];
	certificate.setSubject(owner);
	certificate.setIssuer(owner);
	const isDnsName = 2;
	const altNames = names.map((value) => ({ type: isDnsName, value }));
	certificate.setExtensions([{ name: "subjectAltName", altNames }]);
	certificate.sign(
		forge.pki.privateKeyFromPem(privateKey),
		forge.md.sha256.create(),
	);
	return { cert: forge.pki.certificateToPem(certificate), key: privateKey };
}
