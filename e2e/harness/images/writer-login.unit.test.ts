import { compare } from "bcryptjs";
import { expect, test } from "vitest";
import { makeWriterLogin } from "./writer-login.ts";

test("each run's registry takes a password of its own, by its bcrypt hash", async () => {
	const [one, other] = [await makeWriterLogin(), await makeWriterLogin()];
	expect(one.password).not.toBe(other.password);
	const [username, hashed = ""] = one.htpasswd.trim().split(":");
	expect(username).toBe(one.username);
	expect(hashed).toMatch(/^\$2[ab]\$04\$/);
	expect(await compare(one.password, hashed)).toBe(true);
	expect(await compare(other.password, hashed)).toBe(false);
});
