import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

/** Files of a certificate authority, and of a certificate that it has signed. */
export interface TestCertificates {
	readonly ca: string;
	readonly cert: string;
	readonly key: string;
}

/** For tests: makes a certificate authority of their own, and a certificate for an address, as Docker names the files. */
export async function makeTestCertificates(
	dir: string,
	address = "127.0.0.1",
): Promise<TestCertificates> {
	const path = (name: string) => join(dir, name);
	const files = {
		ca: path("ca.pem"),
		cert: path("cert.pem"),
		key: path("key.pem"),
	};
	const openssl = (...args: string[]) => execa("openssl", args);
	const curve = ["-pkeyopt", "ec_paramgen_curve:prime256v1"];
	const newKey = ["-newkey", "ec", ...curve, "-nodes"];
	await openssl(
		...["req", "-x509", ...newKey, "-days", "2", "-subj", "/CN=o11y-e2e test"],
		...["-keyout", path("ca-key.pem"), "-out", files.ca],
	);
	await openssl(
		...["req", ...newKey, "-subj", "/CN=localhost"],
		...["-keyout", files.key, "-out", path("request.pem")],
	);
	await writeFile(
		path("extensions"),
		`subjectAltName=DNS:localhost,IP:${address}\nextendedKeyUsage=serverAuth,clientAuth\n`,
	);
	await openssl(
		...["x509", "-req", "-in", path("request.pem"), "-days", "2"],
		...["-CA", files.ca, "-CAkey", path("ca-key.pem"), "-CAcreateserial"],
		...["-extfile", path("extensions"), "-out", files.cert],
	);
	return files;
}
