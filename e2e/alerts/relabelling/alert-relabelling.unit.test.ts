import { expect, test } from "vitest";
import { readAlertRelabelling } from "./alert-relabelling.ts";

const keep = { source_labels: ["severity"], regex: "critical", action: "keep" };
const elsewhere = {
	static_configs: [{ targets: ["alertmanager.example.org:9093"] }],
	alert_relabel_configs: [keep],
};
const inNamespace = (name: string, steps: object[] = []) => ({
	kubernetes_sd_configs: [{ role: "endpoints", namespaces: { names: [name] } }],
	alert_relabel_configs: steps,
});

const read = (...alertmanagers: object[]) =>
	readAlertRelabelling({ alerting: { alertmanagers } }, "monitoring");

test("what an Alertmanager elsewhere is told is nobody's business", () => {
	expect(read(inNamespace("monitoring"), elsewhere)).toEqual([[]]);
	expect(
		read(inNamespace("on-call", [keep]), inNamespace("monitoring")),
	).toEqual([[]]);
});

test("each that is the stack's, or may be, counts", () => {
	const step = expect.objectContaining(keep);
	expect(
		read(inNamespace("monitoring"), inNamespace("monitoring", [keep])),
	).toEqual([[], [step]]);
	expect(read(elsewhere)).toEqual([[step]]);
	expect(read()).toEqual([]);
	expect(readAlertRelabelling({}, "monitoring")).toEqual([]);
});
