// Contract for claims (to be completed by the harness's author): `test` carries these fixtures.
//
//   environment  Environment          e2e/harness/environment.ts
//   kube         KubeClient           e2e/clients/kubernetes.ts
//   prometheus   PrometheusClient     e2e/clients/prometheus.ts
//   alertmanager AlertmanagerClient   e2e/clients/alertmanager.ts
//   slack        SlackClient          e2e/clients/slack.ts
//   bucket       BucketClient         e2e/clients/bucket.ts
//   tools        Tools                e2e/harness/tools.ts   (promtool, amtool as one-shot containers)
//   nodes        Nodes                e2e/harness/nodes.ts   (exec, copy in and out of node containers)
//   namespace    string               a namespace of this test's own, deleted afterwards
