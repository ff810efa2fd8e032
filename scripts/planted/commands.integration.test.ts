import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { projectPath } from "../../e2e/common/paths.ts";
import { findExposed } from "../../e2e/common/secrecy/exposed.ts";
import { containsSecret } from "../../e2e/common/secrecy/search.ts";
import { plantedValues, secrets } from "./secrets.ts";

/** Shows every secret in what it renders; the second version shows each elsewhere and reads other values. */
const templates = {
	"1.0.0": `apiVersion: v1
kind: Secret
metadata:
  name: login
data:
  admin-password: {{ .Values.grafana.adminPassword | b64enc }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  alertmanager.yaml: {{ .Values.alertmanager.stringConfig | quote }}
  grafana.ini: {{ index .Values.grafana "grafana.ini" | toYaml | quote }}
  scrape.yaml: {{ .Values.prometheus.prometheusSpec.additionalScrapeConfigs | toYaml | quote }}
  containers.json: {{ .Values.prometheus.prometheusSpec.containers | toJson | quote }}
  grafana.yaml: {{ .Values.grafana | toYaml | quote }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: grafana
spec:
  selector: {matchLabels: {app: grafana}}
  template:
    metadata: {labels: {app: grafana}}
    spec:
      containers:
        - name: grafana
          image: quay.io/a/grafana:1
          args: ["--remote={{ (index .Values.prometheus.prometheusSpec.remoteWrite 0).url }}"]
          env:
            {{- range $name, $value := .Values.grafana.env }}
            - {name: {{ $name }}, value: {{ $value | quote }}}
            {{- end }}
---
{{ range .Values.extraObjects }}
{{ if kindIs "string" . }}{{ tpl . $ }}{{ else }}{{ toYaml . }}{{ end }}
---
{{ end }}
`,
	"2.0.0": `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  alertmanager.yaml: {{ .Values.alertmanager | toJson | quote }}
  all.yaml: {{ .Values.prometheus | toYaml | quote }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: grafana
spec:
  selector: {matchLabels: {app: {{ .Values.grafana.adminPassword | quote }} }}
  template:
    metadata: {labels: {app: grafana}}
    spec:
      containers:
        - name: grafana
          image: quay.io/a/grafana:2
          args: ["--code={{ .Values.grafana.env.SHARED_CODE }}"]
`,
};

async function makeChart(version: keyof typeof templates): Promise<string> {
	const dir = await mkdtemp(join(tmpdir(), "planted-chart-"));
	await mkdir(join(dir, "templates"));
	const about = { apiVersion: "v2", name: "kube-prometheus-stack", version };
	await writeFile(join(dir, "Chart.yaml"), stringify(about));
	await writeFile(join(dir, "values.yaml"), "{}\n");
	await writeFile(join(dir, "templates", "all.yaml"), templates[version]);
	return dir;
}

test.concurrent("no secret of a person's values is in an upgrade's report or on its terminal", async () => {
	const dir = await mkdtemp(join(tmpdir(), "planted-"));
	const values = join(dir, "values.yaml");
	await writeFile(values, plantedValues);
	const report = join(dir, "report");
	const { exitCode, stdout, stderr } = await execa(
		process.execPath,
		[
			projectPath("scripts/upgrade.ts"),
			"--plan",
			`--from=${await makeChart("1.0.0")}`,
			`--to=${await makeChart("2.0.0")}`,
			`--from-values=${values}`,
			`--report=${report}`,
		],
		{ reject: false },
	);
	expect(stderr).toBe("");
	expect([0, 1, 4]).toContain(exitCode);
	expect(containsSecret(stdout, secrets)).toBe(false);
	expect(await findExposed(report, secrets)).toEqual([]);
	const files = (await readdir(report)).sort();
	expect(files).toEqual([
		".o11y-e2e-report",
		"junit.xml",
		"report.html",
		"report.json",
		"report.md",
	]);
	// What was blanked would have been there.
	expect(await readFile(join(report, "report.json"), "utf8")).toContain(
		"<blanked>",
	);
});

test.concurrent.each([
	["upgrade", ["--plan", "--from=CHART", "--to=embedded"], "--from-values"],
	["e2e", ["--fresh", "--chart=CHART"], "--values"],
] as const)(
	"if a chart fails with secrets in its message, %s shows none, and its report neither",
	async (command, args, flag) => {
		const dir = await mkdtemp(join(tmpdir(), "planted-"));
		const values = join(dir, "values.yaml");
		await writeFile(values, plantedValues);
		const chart = await makeChart("1.0.0");
		await writeFile(
			join(chart, "templates", "fail.yaml"),
			'{{ fail (printf "not %s or %v" .Values.grafana.adminPassword .Values.grafana.env) }}',
		);
		const report = join(dir, "report");
		const { exitCode, stderr, stdout } = await execa(
			process.execPath,
			[
				projectPath("scripts", `${command}.ts`),
				...args.map((each) => each.replace("CHART", chart)),
				`${flag}=${values}`,
				`--report=${report}`,
			],
			{ reject: false },
		);
		expect(exitCode).toBe(3);
		expect(stderr).toMatch(/not <blanked> or map\[.*SHARED_CODE:<blanked>.*\]/);
		expect(containsSecret(`${stdout}${stderr}`, secrets)).toBe(false);
		expect(await findExposed(report, secrets)).toEqual([]);
	},
);
