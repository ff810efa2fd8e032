import { beforeEach, expect, test } from "vitest";
import { shellWords } from "./in-commands.ts";
import { rememberSecretsIn } from "./in-values.ts";
import { forgetSecrets, redact } from "./redact.ts";

// What an earlier test has remembered would be blanked anyway.
beforeEach(forgetSecrets);

test.each([
	["--client-secret", "Cl13nt-S3c-9"],
	["--auth-password", "short7"],
	["--cookie-secret=Cookie-S3c-9"],
	["-dbPassword", "Db-Pass-9"],
	["curl", "-u", "admin:Curl1-Pass-9", "http://x"],
	["curl", "--user=admin:Curl2-Pass-9"],
	["curl", "-uadmin:Curl3-Pass-9"],
	["curl", "-H", "X-Probe: Pr0be-Tok-9"],
	["sh", "-c", "curl -H 'Authorization: Bearer B34rer-Tok-9' http://y"],
	["sh", "-c", "wget --header='X-Api-Key: wget-key-nine' http://x"],
	["sh", "-c", "PGPASSWORD=postgresword psql; DB_PASS='Two words' run"],
	["sh", "-c", "cd /x && mysql -h db -pMy-Pass-99 -e 'select 1'"],
	["sh", "-c", "sshpass -p Ssh-Pass-9 ssh nas"],
	["sh", "-c", "redis-cli -a redispass ping"],
	["sh", "-c", "openssl x -passin pass:openword"],
	["sh", "-c", "cat <<E\nAuthorization: Basic dXNlcjpCYXMtUGFzcy05\nE"],
	["notify", "aB3dE6gH9"],
])("in the command %s %s %s, the secret is blanked", (...command) => {
	rememberSecretsIn({ containers: [{ command }] });
	const shown = redact(JSON.stringify(command));
	expect(shown).toContain("<blanked>");
	expect(shown).not.toMatch(
		/-9"|9[" ']|short7|nine|postgresword|Two|-99|redispass|openword|dXN|aB3/,
	);
	expect(redact(command.join(" "))).not.toMatch(
		/S3c-9|Pass-9|Tok-9|short7|nine/,
	);
});

test("in a command without a secret, nothing is blanked", () => {
	const containers = [
		{
			command: [
				"sh",
				"-c",
				"curl -fsS http://localhost:9090/-/ready && echo ok",
			],
			args: [
				"--config.file=/etc/prometheus/prometheus.yaml",
				"--storage.tsdb.path=/prometheus",
				"--web.listen-address=$(HOST_IP):9100",
				"--metric-labels-allowlist=pods=[*]",
				"--collector.filesystem.mount-points-exclude=^/(dev|proc|sys)($|/)",
				"--token-ttl=5m",
				"--tls-secret-name=monitoring-tls",
				"--password-file",
				"/etc/secrets/password",
				"--image=quay.io/a/b@sha256:0123456789abcdef0123456789abcdef",
			],
			env: [
				{ name: "LOG_LEVEL", value: "verbose" },
				{ name: "CLUSTER", value: "attic" },
				{ name: "GOMAXPROCS", value: "2" },
				{ name: "GOMEMLIMIT", value: "536870912" },
				{ name: "TZ", value: "Europe/Berlin" },
				{ name: "POD_IP", value: "10.42.0.17" },
				{ name: "PORT", value: "123456" },
				{ name: "DISK", value: "sda1" },
				{ name: "PASS_FILE", value: "/srv/pass-file" },
			],
		},
	];
	rememberSecretsIn({ containers });
	const text = `${JSON.stringify(containers)} true 5 info eth0`;
	expect(redact(text)).toBe(text);
});

test("a shell's words are read without quotes", () => {
	expect(shellWords(`a 'b c'"d \\"e"\\ f; g=h | i 'it'\\''s'`)).toEqual([
		"a",
		'b cd "e f',
		"g=h",
		"i",
		"it's",
	]);
});
