import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { installPackages } from "./system-packages.ts";

const dir = mkdtempSync(join(tmpdir(), "o11y-e2e-apt-"));
const calls = join(dir, "calls");
const authority = join(dir, "ca.pem");
afterAll(() => rmSync(dir, { recursive: true }));

beforeEach(() => {
	for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"])
		for (const each of [name, name.toLowerCase()]) vi.stubEnv(each, undefined);
	for (const name of ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"])
		vi.stubEnv(name, undefined);
	vi.stubEnv("O11Y_E2E_CACHE", dir);
	vi.stubEnv("PATH", `${dir}:${process.env.PATH}`);
	writeFileSync(
		join(dir, "apt-get"),
		`#!/bin/sh\necho "$https_proxy $*" >> '${calls}'\n`,
		{ mode: 0o755 },
	);
	writeFileSync(calls, "");
	writeFileSync(authority, "-----BEGIN CERTIFICATE-----\n");
});

test("apt-get gets the person's proxy and certificate authorities", async () => {
	vi.stubEnv("HTTPS_PROXY", "http://proxy:3128");
	vi.stubEnv("O11Y_E2E_CA_FILE", authority);
	await installPackages(["gcc"]);
	const option = `--option=Acquire::https::CaInfo=${dir}/apt/authorities.pem`;
	expect(readFileSync(calls, "utf8").trim().split("\n")).toEqual([
		`http://proxy:3128 ${option} update`,
		`http://proxy:3128 ${option} install --yes --no-install-recommends gcc`,
	]);
	expect(readFileSync(join(dir, "apt", "authorities.pem"), "utf8")).toContain(
		"BEGIN CERTIFICATE",
	);
});

test("without either, apt-get is called as by hand", async () => {
	vi.stubEnv("O11Y_E2E_CA_FILE", undefined);
	await installPackages(["gcc"]);
	expect(readFileSync(calls, "utf8")).toMatch(/^ update\n install /);
});
