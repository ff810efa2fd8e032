import { expect, test } from "vitest";
import { relabelSteps } from "../common/relabelling/relabel.ts";
import { findForeignRequests } from "./request-writes.ts";

const pool = "podMonitor/m/o11y-apps/0";
const meta = "__meta_kubernetes";
const ofMedia = { source_labels: [`${meta}_namespace`], regex: "media" };

function find(...steps: object[]) {
	return findForeignRequests(pool, relabelSteps.parse(steps));
}

test("another path, scheme, address or parameter of one namespace is reported", () => {
	expect(
		find(
			{
				...ofMedia,
				target_label: "__metrics_path__",
				replacement: "/actuator/prometheus",
			},
			{ ...ofMedia, target_label: "__scheme__", replacement: "https" },
			{
				source_labels: ["__address__", `${meta}_namespace`],
				regex: "([^:]+):\\d+;media",
				target_label: "__address__",
				replacement: "$1:8081",
			},
			{ ...ofMedia, target_label: "__param_name", replacement: "up" },
		),
	).toEqual([
		`pool ${pool} scrapes some pods at another path (replace of ${meta}_namespace matching media into __metrics_path__): only a pod itself can say that`,
		expect.stringContaining("scrapes some pods by another scheme (replace of"),
		expect.stringContaining("at another address (replace of __address__, "),
		expect.stringContaining("with another parameter (replace of"),
	]);
});

test.each([
	`${meta}_pod_name`,
	`${meta}_pod_node_name`,
	`${meta}_pod_controller_name`,
	`${meta}_pod_label_app_kubernetes_io_name`,
])("%s is not what decides", (label) => {
	expect(
		find({
			source_labels: [label],
			regex: "jellyfin.*",
			target_label: "__metrics_path__",
			replacement: "/other",
		}),
	).toHaveLength(1);
});

test("a label on the way is followed", () => {
	const isMedia = {
		...ofMedia,
		target_label: "__tmp_path",
		replacement: "/actuator/prometheus",
	};
	expect(
		find(
			{ source_labels: [`${meta}_namespace`], target_label: "namespace" },
			isMedia,
			{
				source_labels: ["__tmp_path"],
				regex: "(.+)",
				target_label: "__metrics_path__",
			},
			{
				source_labels: ["namespace"],
				regex: "media",
				target_label: "__scheme__",
				replacement: "https",
			},
		),
	).toEqual([
		expect.stringContaining(
			`into __metrics_path__, made of ${meta}_namespace)`,
		),
		expect.stringContaining("scrapes some pods by another scheme"),
	]);
});

test("what a pod says itself, and what all pods have, is not reported", () => {
	const path = { target_label: "__metrics_path__" };
	expect(
		find(
			{
				source_labels: [`${meta}_pod_annotation_prometheus_io_path`],
				regex: "(.+)",
				...path,
			},
			{
				source_labels: [
					`${meta}_namespace`,
					`${meta}_pod_annotation_prometheus_io_path`,
				],
				regex: "[^;]+;(.+)",
				...path,
			},
			{
				source_labels: [`${meta}_pod_annotation_prometheus_io_scheme`],
				regex: "https",
				replacement: "https",
				target_label: "__scheme__",
			},
			{
				source_labels: [
					"__address__",
					`${meta}_pod_annotation_prometheus_io_port`,
				],
				regex: "([^:]+)(?::\\d+)?;(\\d+)",
				replacement: "$1:$2",
				target_label: "__address__",
			},
			{
				source_labels: [`${meta}_pod_label_metrics_port`],
				regex: "(\\d+)",
				target_label: "__param_port",
			},
			{
				source_labels: [`${meta}_pod_label_security_istio_io_tlsMode`],
				regex: "istio",
				replacement: "https",
				target_label: "__scheme__",
			},
			{
				source_labels: [`${meta}_pod_container_port_name`],
				regex: "https-.+",
				replacement: "https",
				target_label: "__scheme__",
			},
			{ replacement: "/metrics", ...path },
			{
				source_labels: [`${meta}_namespace`],
				target_label: "__param_namespace",
			},
			{
				source_labels: [`${meta}_namespace`, `${meta}_pod_name`],
				separator: "/",
				regex: "(.+)/(.+)",
				target_label: "__param_target",
			},
			{ source_labels: ["__address__"], target_label: "__param_target" },
			{ ...ofMedia, target_label: "team", replacement: "family" },
			{ ...ofMedia, action: "keepequal", target_label: "__address__" },
		),
	).toEqual([]);
});
