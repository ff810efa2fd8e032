import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Agent, fetch } from "undici";
import { expect, onTestFinished, test } from "vitest";
import { projectPath } from "../../common/paths.ts";
import { makeSelfSigned } from "./self-signed.ts";

/** Slack's mock as its pod runs it. @returns the port with TLS */
async function startMock(files: Readonly<Record<string, string>>) {
	const dir = mkdtempSync(join(tmpdir(), "slack-mock-"));
	for (const [name, content] of Object.entries(files))
		writeFileSync(join(dir, name), content);
	const mock = spawn(
		process.execPath,
		[projectPath("fixtures/slack-mock/server.ts")],
		{
			env: {
				PORT: "0",
				WEBHOOK_PATH: "/services/T/B/x",
				SLACK_BOT_TOKEN_FILE: join(dir, "tokens"),
				TLS_PORT: "0",
				TLS_CERT_FILE: join(dir, "cert"),
				TLS_KEY_FILE: join(dir, "key"),
			},
			stdio: ["ignore", "pipe", "inherit"],
		},
	);
	onTestFinished(() => {
		mock.kill("SIGKILL");
		rmSync(dir, { recursive: true });
	});
	const ports = { http: 0, tls: 0 };
	for await (const line of createInterface(mock.stdout)) {
		const port = Number(/port: (\d+)/.exec(line)?.[1]);
		if (/TLS/.test(line)) ports.tls = port;
		else ports.http = port;
		if (ports.tls && ports.http) break;
	}
	return ports;
}

/** A client whose DNS leads every name to this machine. */
function connectTo(port: number, ca: string | undefined) {
	const dispatcher = new Agent({
		connect: {
			ca,
			lookup: (_, __, done) =>
				done(null, [{ address: "127.0.0.1", family: 4 }]),
		},
	});
	return (host: string, path: string, init: object = {}) =>
		fetch(`https://${host}:${port}${path}`, { ...init, dispatcher });
}

test("who trusts the certificate reaches Slack's mock by Slack's own names, and by no other", async () => {
	const { cert, key } = await makeSelfSigned(["slack.com", "hooks.slack.com"]);
	const ports = await startMock({ cert, key, tokens: "xoxb-1\nxoxb-2\n" });
	const ask = connectTo(ports.tls, cert);
	const posted = await ask("slack.com", "/api/chat.postMessage", {
		method: "POST",
		headers: {
			"content-type": "application/json",
			authorization: "Bearer xoxb-2",
		},
		body: '{"channel":"#a","text":"fires"}',
	});
	expect(await posted.json()).toMatchObject({ ok: true });
	const hook = await ask("hooks.slack.com", "/services/T/B/x", {
		method: "POST",
		body: '{"text":"fires"}',
	});
	expect(await hook.text()).toBe("ok");
	await expect(ask("slack.example", "/healthz")).rejects.toThrow();
	const stranger = connectTo(ports.tls, undefined);
	await expect(stranger("slack.com", "/healthz")).rejects.toThrow();

	const recorded = await fetch(
		`http://127.0.0.1:${ports.http}/_control/requests`,
	);
	expect(await recorded.json()).toMatchObject({
		requests: [{ webhook: 2 }, { webhook: 1 }],
	});
});
