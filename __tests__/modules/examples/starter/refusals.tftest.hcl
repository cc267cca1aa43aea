# Each run gives one wrong value and everything else right: the validation of that variable refuses it.

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

run "name_in_capitals" {
  command = plan

  variables {
    name = "Overtime"
  }

  expect_failures = [var.name]
}

run "cluster_by_name" {
  command = plan

  variables {
    cluster_arn = "overtime"
  }

  expect_failures = [var.cluster_arn]
}

run "no_subnet" {
  command = plan

  variables {
    subnet_ids = []
  }

  expect_failures = [var.subnet_ids]
}

run "too_many_subnets" {
  command = plan

  variables {
    subnet_ids = [for number in range(17) : "subnet-${number}"]
  }

  expect_failures = [var.subnet_ids]
}

run "subnet_by_name" {
  command = plan

  variables {
    subnet_ids = ["public-a"]
  }

  expect_failures = [var.subnet_ids]
}

run "no_security_group" {
  command = plan

  variables {
    security_group_ids = []
  }

  expect_failures = [var.security_group_ids]
}

run "too_many_security_groups" {
  command = plan

  variables {
    security_group_ids = [for number in range(6) : "sg-${number}"]
  }

  expect_failures = [var.security_group_ids]
}

run "security_group_by_name" {
  command = plan

  variables {
    security_group_ids = ["default"]
  }

  expect_failures = [var.security_group_ids]
}

run "no_task_definition" {
  command = plan

  variables {
    task_definitions = []
  }

  expect_failures = [var.task_definitions]
}

run "execution_role_by_name" {
  command = plan

  variables {
    execution_role_arn = "execution"
  }

  expect_failures = [var.execution_role_arn]
}

run "task_role_by_name" {
  command = plan

  variables {
    task_role_arn = "task"
  }

  expect_failures = [var.task_role_arn]
}

run "table_by_name" {
  command = plan

  variables {
    ledger_table_arn = "overtime-runs"
  }

  expect_failures = [var.ledger_table_arn]
}

run "index_of_a_table" {
  command = plan

  variables {
    ledger_table_arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/overtime-runs/index/one"
  }

  expect_failures = [var.ledger_table_arn]
}

run "bucket_by_name" {
  command = plan

  variables {
    payload_bucket_arn = "overtime-payloads-1"
  }

  expect_failures = [var.payload_bucket_arn]
}

run "objects_of_a_bucket" {
  command = plan

  variables {
    payload_bucket_arn = "arn:aws:s3:::overtime-payloads-1/*"
  }

  expect_failures = [var.payload_bucket_arn]
}

run "no_function" {
  command = plan

  variables {
    function_arns = []
  }

  expect_failures = [var.function_arns]
}

run "function_by_name" {
  command = plan

  variables {
    function_arns = ["report"]
  }

  expect_failures = [var.function_arns]
}

run "function_with_qualifier" {
  command = plan

  variables {
    function_arns = ["arn:aws:lambda:eu-west-1:111122223333:function:report:1"]
  }

  expect_failures = [var.function_arns]
}

run "too_many_functions" {
  command = plan

  variables {
    function_arns = [for number in range(21) : "arn:aws:lambda:eu-west-1:111122223333:function:report-${number}"]
  }

  expect_failures = [var.function_arns]
}

run "role_by_name" {
  command = plan

  variables {
    task_role_arns = ["report"]
  }

  expect_failures = [var.task_role_arns]
}

run "too_many_roles" {
  command = plan

  variables {
    task_role_arns = [for number in range(21) : "arn:aws:iam::111122223333:role/${number}"]
  }

  expect_failures = [var.task_role_arns]
}

run "task_definition_with_revision" {
  command = plan

  variables {
    container_task_definitions = ["report:3"]
  }

  expect_failures = [var.container_task_definitions]
}

run "container_role_by_name" {
  command = plan

  variables {
    container_role_arns = ["report"]
  }

  expect_failures = [var.container_role_arns]
}

run "cluster_by_name" {
  command = plan

  variables {
    cluster_arns = ["main"]
  }

  expect_failures = [var.cluster_arns]
}

run "run_timeout_of_0" {
  command = plan

  variables {
    run_timeout_seconds = 0
  }

  expect_failures = [var.run_timeout_seconds]
}

run "run_timeout_of_1209601" {
  command = plan

  variables {
    run_timeout_seconds = 1209601
  }

  expect_failures = [var.run_timeout_seconds]
}

run "run_timeout_of_a_fraction" {
  command = plan

  variables {
    run_timeout_seconds = 1.5
  }

  expect_failures = [var.run_timeout_seconds]
}

run "run_retention_of_0" {
  command = plan

  variables {
    run_retention_days = 0
  }

  expect_failures = [var.run_retention_days]
}

run "run_retention_of_3651" {
  command = plan

  variables {
    run_retention_days = 3651
  }

  expect_failures = [var.run_retention_days]
}

run "run_retention_of_a_fraction" {
  command = plan

  variables {
    run_retention_days = 1.5
  }

  expect_failures = [var.run_retention_days]
}

run "architecture_that_lambda_does_not_have" {
  command = plan

  variables {
    architecture = "riscv64"
  }

  expect_failures = [var.architecture]
}

run "log_retention_of_2_days" {
  command = plan

  variables {
    log_retention_days = 2
  }

  expect_failures = [var.log_retention_days]
}

run "log_retention_for_ever" {
  command = plan

  variables {
    log_retention_days = 0
  }

  expect_failures = [var.log_retention_days]
}

run "launch_queue_by_url" {
  command = plan

  variables {
    launch_queue_arn = "https://sqs.eu-west-1.amazonaws.com/111122223333/overtime-launches.fifo"
  }

  expect_failures = [var.launch_queue_arn]
}

run "watcher_by_name" {
  command = plan

  variables {
    watcher_function_arn = "overtime-watcher"
  }

  expect_failures = [var.watcher_function_arn]
}

run "too_many_destinations" {
  command = plan

  variables {
    destination_arns = [for number in range(21) : "arn:aws:sqs:eu-west-1:111122223333:results-${number}"]
  }

  expect_failures = [var.destination_arns]
}

run "destination_by_name" {
  command = plan

  variables {
    destination_arns = ["results"]
  }

  expect_failures = [var.destination_arns]
}

run "request_queue_with_a_blank" {
  command = plan

  variables {
    request_queue_arns = { "my reports" = "arn:aws:sqs:eu-west-1:111122223333:reports" }
  }

  expect_failures = [var.request_queue_arns]
}

run "request_queue_by_name" {
  command = plan

  variables {
    request_queue_arns = { reports = "reports" }
  }

  expect_failures = [var.request_queue_arns]
}

run "invoker_with_a_blank" {
  command = plan

  variables {
    invokers = { "my topic" = { principal = "sns.amazonaws.com", source_arn = "arn:aws:sns:eu-west-1:111122223333:orders" } }
  }

  expect_failures = [var.invokers]
}

run "invoker_that_is_no_service" {
  command = plan

  variables {
    invokers = { me = { principal = "arn:aws:iam::111122223333:root", source_arn = "arn:aws:sns:eu-west-1:111122223333:orders" } }
  }

  expect_failures = [var.invokers]
}

run "invoker_for_everything" {
  command = plan

  variables {
    invokers = { topic = { principal = "sns.amazonaws.com", source_arn = "*" } }
  }

  expect_failures = [var.invokers]
}

run "no_burst" {
  command = plan

  variables {
    launch_burst = 0
  }

  expect_failures = [var.launch_burst]
}

run "half_a_launch_a_second" {
  command = plan

  variables {
    launches_per_second = 0.5
  }

  expect_failures = [var.launches_per_second]
}

run "another_cause" {
  command = plan

  variables {
    overflow_causes = ["crash"]
  }

  expect_failures = [var.overflow_causes]
}

run "too_many_alarm_actions" {
  command = plan

  variables {
    alarm_actions = [for number in range(6) : "arn:aws:sns:eu-west-1:111122223333:pager-${number}"]
  }

  expect_failures = [var.alarm_actions]
}

run "alarm_to_an_address" {
  command = plan

  variables {
    alarm_actions = ["pager@example.org"]
  }

  expect_failures = [var.alarm_actions]
}

run "event_request_of_a_name" {
  command = plan

  variables {
    event_requests = { scans = "{\"arn\": \"read-scan\"}" }
  }

  expect_failures = [var.event_requests]
}

run "event_request_without_a_function" {
  command = plan

  variables {
    event_requests = { "arn:aws:s3:::scans" = "{}" }
  }

  expect_failures = [var.event_requests]
}
