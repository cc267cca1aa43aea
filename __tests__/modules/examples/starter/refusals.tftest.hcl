# Each run gives several variables a wrong value at once: the validation of each refuses it. One run for each would take
# half a second each.

mock_provider "aws" {}

variables {
  cluster_arn           = "arn:aws:ecs:eu-west-1:111122223333:cluster/overtime"
  subnet_ids            = ["subnet-0a"]
  security_group_ids    = ["sg-0a"]
  assign_public_ip      = false
  task_definitions      = [{ family = "overtime-node", function = null, runtime = "nodejs22.x", architecture = "arm64", function = null }]
  execution_role_arn    = "arn:aws:iam::111122223333:role/execution"
  task_role_arn         = "arn:aws:iam::111122223333:role/task"
  ledger_table_name     = "overtime-runs"
  ledger_table_arn      = "arn:aws:dynamodb:eu-west-1:111122223333:table/overtime-runs"
  payload_bucket_name   = "overtime-payloads-1"
  payload_bucket_arn    = "arn:aws:s3:::overtime-payloads-1"
  launch_queue_url      = "https://sqs.eu-west-1.amazonaws.com/111122223333/overtime-launches.fifo"
  launch_queue_arn      = "arn:aws:sqs:eu-west-1:111122223333:overtime-launches.fifo"
  watcher_function_name = "overtime-watcher"
  watcher_function_arn  = "arn:aws:lambda:eu-west-1:111122223333:function:overtime-watcher"
}

run "wrong_values_1" {
  command = plan

  variables {
    # Name in capitals.
    name = "Overtime"

    # Cluster by name.
    cluster_arn = "overtime"

    # No subnet.
    subnet_ids = []

    # No security group.
    security_group_ids = []

    # No task definition.
    task_definitions = []

    # Execution role by name.
    execution_role_arn = "execution"

    # Task role by name.
    task_role_arn = "task"

    # Table by name.
    ledger_table_arn = "overtime-runs"

    # Bucket by name.
    payload_bucket_arn = "overtime-payloads-1"

    # No function.
    function_arns = []

    # Role by name.
    task_role_arns = ["report"]

    # Too many task definitions.
    container_task_definitions = [for number in range(21) : "report-${number}"]

    # Too many container roles.
    container_role_arns = [for number in range(21) : "arn:aws:iam::111122223333:role/${number}"]

    # Too many clusters.
    cluster_arns = [for number in range(21) : "arn:aws:ecs:eu-west-1:111122223333:cluster/${number}"]

    # Run timeout of 0.
    run_timeout_seconds = 0

    # Run retention of 0.
    run_retention_days = 0

    # Architecture that lambda does not have.
    architecture = "riscv64"

    # Log retention of 2 days.
    log_retention_days = 2

    # Launch queue by url.
    launch_queue_arn = "https://sqs.eu-west-1.amazonaws.com/111122223333/overtime-launches.fifo"

    # Watcher by name.
    watcher_function_arn = "overtime-watcher"

    # Too many destinations.
    destination_arns = [for number in range(21) : "arn:aws:sqs:eu-west-1:111122223333:results-${number}"]

    # Request queue with a blank.
    request_queue_arns = { "my reports" = "arn:aws:sqs:eu-west-1:111122223333:reports" }

    # Invoker with a blank.
    invokers = { "my topic" = { principal = "sns.amazonaws.com", source_arn = "arn:aws:sns:eu-west-1:111122223333:orders" } }

    # No burst.
    launch_burst = 0

    # Half a launch a second.
    launches_per_second = 0.5

    # Another cause.
    overflow_causes = ["crash"]

    # Too many alarm actions.
    alarm_actions = [for number in range(6) : "arn:aws:sns:eu-west-1:111122223333:pager-${number}"]

    # Event request of a name.
    event_requests = { scans = "{\"arn\": \"read-scan\"}" }
  }

  expect_failures = [
    var.name,
    var.cluster_arn,
    var.subnet_ids,
    var.security_group_ids,
    var.task_definitions,
    var.execution_role_arn,
    var.task_role_arn,
    var.ledger_table_arn,
    var.payload_bucket_arn,
    var.function_arns,
    var.task_role_arns,
    var.container_task_definitions,
    var.container_role_arns,
    var.cluster_arns,
    var.run_timeout_seconds,
    var.run_retention_days,
    var.architecture,
    var.log_retention_days,
    var.launch_queue_arn,
    var.watcher_function_arn,
    var.destination_arns,
    var.request_queue_arns,
    var.invokers,
    var.launch_burst,
    var.launches_per_second,
    var.overflow_causes,
    var.alarm_actions,
    var.event_requests,
  ]
}

run "wrong_values_2" {
  command = plan

  variables {
    # Too many subnets.
    subnet_ids = [for number in range(17) : "subnet-${number}"]

    # Too many security groups.
    security_group_ids = [for number in range(6) : "sg-${number}"]

    # Index of a table.
    ledger_table_arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/overtime-runs/index/one"

    # Objects of a bucket.
    payload_bucket_arn = "arn:aws:s3:::overtime-payloads-1/*"

    # Function by name.
    function_arns = ["report"]

    # Too many roles.
    task_role_arns = [for number in range(21) : "arn:aws:iam::111122223333:role/${number}"]

    # Task definition with revision.
    container_task_definitions = ["report:3"]

    # Container role by name.
    container_role_arns = ["report"]

    # Other cluster by name.
    cluster_arns = ["main"]

    # Run timeout of 1209601.
    run_timeout_seconds = 1209601

    # Run retention of 3651.
    run_retention_days = 3651

    # Log retention for ever.
    log_retention_days = 0

    # Destination by name.
    destination_arns = ["results"]

    # Request queue by name.
    request_queue_arns = { reports = "reports" }

    # Invoker that is no service.
    invokers = { me = { principal = "arn:aws:iam::111122223333:root", source_arn = "arn:aws:sns:eu-west-1:111122223333:orders" } }

    # Alarm to an address.
    alarm_actions = ["pager@example.org"]

    # Event request without a function.
    event_requests = { "arn:aws:s3:::scans" = "{}" }
  }

  expect_failures = [
    var.subnet_ids,
    var.security_group_ids,
    var.ledger_table_arn,
    var.payload_bucket_arn,
    var.function_arns,
    var.task_role_arns,
    var.container_task_definitions,
    var.container_role_arns,
    var.cluster_arns,
    var.run_timeout_seconds,
    var.run_retention_days,
    var.log_retention_days,
    var.destination_arns,
    var.request_queue_arns,
    var.invokers,
    var.alarm_actions,
    var.event_requests,
  ]
}

run "wrong_values_3" {
  command = plan

  variables {
    # Subnet by name.
    subnet_ids = ["public-a"]

    # Security group by name.
    security_group_ids = ["default"]

    # Function with qualifier.
    function_arns = ["arn:aws:lambda:eu-west-1:111122223333:function:report:1"]

    # Run timeout of a fraction.
    run_timeout_seconds = 1.5

    # Run retention of a fraction.
    run_retention_days = 1.5

    # Invoker for everything.
    invokers = { topic = { principal = "sns.amazonaws.com", source_arn = "*" } }
  }

  expect_failures = [
    var.subnet_ids,
    var.security_group_ids,
    var.function_arns,
    var.run_timeout_seconds,
    var.run_retention_days,
    var.invokers,
  ]
}

run "wrong_values_4" {
  command = plan

  variables {
    # Too many functions.
    function_arns = [for number in range(21) : "arn:aws:lambda:eu-west-1:111122223333:function:report-${number}"]
  }

  expect_failures = [
    var.function_arns,
  ]
}
