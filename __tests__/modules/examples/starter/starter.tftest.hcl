mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-west-1" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/overtime-starter" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-west-1:111122223333:overtime-starter-dead-letters" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/overtime-starter" }
  }
}

variables {
  cluster_arn           = "arn:aws:ecs:eu-west-1:111122223333:cluster/overtime"
  subnet_ids            = ["subnet-0b", "subnet-0a"]
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

run "defaults" {
  assert {
    condition = one(aws_lambda_function.function.environment).variables == tomap({
      OVERTIME_ASSIGN_PUBLIC_IP           = "DISABLED"
      OVERTIME_CLUSTER                    = "arn:aws:ecs:eu-west-1:111122223333:cluster/overtime"
      OVERTIME_CONTAINER_NAME             = "runner"
      OVERTIME_CONTAINER_TASK_DEFINITIONS = jsonencode([])
      OVERTIME_DESTINATION_ARNS           = jsonencode([])
      OVERTIME_EVENT_REQUESTS             = jsonencode({})
      OVERTIME_LAUNCHES_PER_SECOND        = "20"
      OVERTIME_LAUNCH_BURST               = "100"
      OVERTIME_LAUNCH_QUEUE_URL           = "https://sqs.eu-west-1.amazonaws.com/111122223333/overtime-launches.fifo"
      OVERTIME_LEDGER_TABLE               = "overtime-runs"
      OVERTIME_OVERFLOW_CAUSES            = "timeout,memory"
      OVERTIME_PAYLOAD_BUCKET             = "overtime-payloads-1"
      OVERTIME_RUN_RETENTION_DAYS         = "30"
      OVERTIME_SECURITY_GROUPS            = "sg-0a"
      OVERTIME_SUBNETS                    = "subnet-0a,subnet-0b"
      OVERTIME_TASK_DEFINITIONS           = jsonencode([{ architecture = "arm64", family = "overtime-node", function = null, runtime = "nodejs22.x" }])
      OVERTIME_TIMEOUT_SECONDS            = "86400"
      OVERTIME_WATCHER_FUNCTION           = "overtime-watcher"
    })
    error_message = "The starter's program has its settings, and only those."
  }
  assert {
    condition     = aws_lambda_function.function.source_code_hash == filebase64sha256("starter.zip") && basename(aws_lambda_function.function.filename) == "starter.zip"
    error_message = "The starter's program is the zip beside the module."
  }
  assert {
    condition     = aws_lambda_function.function.architectures == tolist(["arm64"]) && aws_cloudwatch_log_group.logs.retention_in_days == 30
    error_message = "The starter runs on arm64, and its log is kept for 30 days."
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.policy.policy).Statement[1].Resource == [
      "arn:aws:lambda:eu-west-1:111122223333:function:*",
      "arn:aws:lambda:eu-west-1:111122223333:function:*:*",
    ]
    error_message = "All functions of the account and region may be run."
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.policy.policy).Statement[3].Resource == ["arn:aws:ecs:eu-west-1:111122223333:task-definition/overtime-node:*"]
    error_message = "Only the families given may be run."
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.policy.policy).Statement[5].Resource == ["arn:aws:iam::111122223333:role/execution", "arn:aws:iam::111122223333:role/task"]
    error_message = "Only the runner's own roles are passed to tasks."
  }
  assert {
    condition     = length(aws_lambda_function_url.url) == 0 && output.function_url == null && length(aws_lambda_event_source_mapping.requests) == 0 && length(aws_lambda_permission.invoker) == 0
    error_message = "Nobody gets in but by invoking it."
  }
}

run "null_is_the_default" {
  command = plan

  variables {
    name           = null
    container_name = null
    function_arns  = null
    task_role_arns = null

    container_task_definitions = null
    container_role_arns        = null
    cluster_arns               = null

    run_timeout_seconds = null
    run_retention_days  = null
    destination_arns    = null
    request_queue_arns  = null
    invokers            = null
    event_requests      = null
    function_url        = null
    launch_burst        = null
    launches_per_second = null
    overflow_causes     = null
    alarm_actions       = null
    architecture        = null
    log_retention_days  = null
  }

  assert {
    condition     = output.function_name == "overtime-starter" && one(aws_lambda_function.function.environment).variables.OVERTIME_TIMEOUT_SECONDS == "86400"
    error_message = "A variable that is set to null has its default."
  }
}

run "every_variable_set" {
  variables {
    name                = "reports"
    subnet_ids          = ["subnet-0c"]
    security_group_ids  = ["sg-0c", "sg-0d"]
    assign_public_ip    = true
    container_name      = "main"
    function_arns       = ["arn:aws:lambda:eu-west-1:111122223333:function:report"]
    task_role_arns      = ["arn:aws:iam::111122223333:role/report"]
    run_timeout_seconds = 1209600
    run_retention_days  = 1
    architecture        = "x86_64"
    log_retention_days  = 1
    destination_arns    = ["arn:aws:sqs:eu-west-1:111122223333:results"]
    request_queue_arns  = { reports = "arn:aws:sqs:eu-west-1:111122223333:reports" }
    invokers            = { orders = { principal = "sns.amazonaws.com", source_arn = "arn:aws:sns:eu-west-1:111122223333:orders" } }
    event_requests      = { "arn:aws:s3:::scans" = jsonencode({ arn = "read-scan" }), "arn:aws:s3:::nights" = jsonencode({ taskDefinition = "nightly-report" }) }
    function_url        = true
    launch_burst        = 500
    launches_per_second = 50
    overflow_causes     = ["memory"]
    alarm_actions       = ["arn:aws:sns:eu-west-1:111122223333:pager"]

    container_task_definitions = ["nightly-*"]
    container_role_arns        = ["arn:aws:iam::111122223333:role/nightly"]
    cluster_arns               = ["arn:aws:ecs:eu-west-1:111122223333:cluster/nightly"]
  }

  assert {
    condition = jsonencode({
      for statement in jsondecode(aws_iam_role_policy.policy.policy).Statement : statement.Sid => flatten([statement.Resource])
      if contains(["DescribeTaskDefinitions", "RunTasks", "TagNewTasks", "PassTaskRoles"], statement.Sid)
      }) == jsonencode({
      DescribeTaskDefinitions = ["*"]
      RunTasks                = [for family in concat(var.task_definitions[*].family, ["nightly-*"]) : "arn:aws:ecs:eu-west-1:111122223333:task-definition/${family}:*"]
      TagNewTasks             = [for cluster in [split("/", var.cluster_arn)[1], "nightly"] : "arn:aws:ecs:eu-west-1:111122223333:task/${cluster}/*"]
      PassTaskRoles           = [var.execution_role_arn, var.task_role_arn, "arn:aws:iam::111122223333:role/report", "arn:aws:iam::111122223333:role/nightly"]
    })
    error_message = "The starter may run the containers that the variables name, where they say, and pass their roles."
  }
  assert {
    condition     = jsonencode([for statement in jsondecode(aws_iam_role_policy.policy.policy).Statement : statement.Condition if statement.Sid == "RunTasks"]) == jsonencode([{ ArnEquals = { "ecs:cluster" = [var.cluster_arn, "arn:aws:ecs:eu-west-1:111122223333:cluster/nightly"] } }])
    error_message = "Tasks run in the deployment's cluster and in those that the variable names."
  }

  assert {
    condition = {
      for name, value in one(aws_lambda_function.function.environment).variables : name => value
      if contains(["OVERTIME_EVENT_REQUESTS", "OVERTIME_DESTINATION_ARNS", "OVERTIME_LAUNCH_BURST", "OVERTIME_LAUNCHES_PER_SECOND", "OVERTIME_OVERFLOW_CAUSES"], name)
      } == {
      OVERTIME_EVENT_REQUESTS      = jsonencode({ "arn:aws:s3:::scans" = { arn = "read-scan" }, "arn:aws:s3:::nights" = { taskDefinition = "nightly-report" } })
      OVERTIME_DESTINATION_ARNS    = jsonencode(["arn:aws:sqs:eu-west-1:111122223333:results"])
      OVERTIME_LAUNCH_BURST        = "500"
      OVERTIME_LAUNCHES_PER_SECOND = "50"
      OVERTIME_OVERFLOW_CAUSES     = "memory"
    }
    error_message = "Destinations, pace and overflow are what the variables say."
  }
  assert {
    condition     = aws_lambda_event_source_mapping.requests["reports"].event_source_arn == "arn:aws:sqs:eu-west-1:111122223333:reports" && jsondecode(aws_iam_role_policy.request_queue["reports"].policy).Statement[0].Resource == "arn:aws:sqs:eu-west-1:111122223333:reports"
    error_message = "The starter reads the queue of requests, and may."
  }
  assert {
    condition     = aws_lambda_permission.invoker["orders"].principal == "sns.amazonaws.com" && aws_lambda_permission.invoker["orders"].source_arn == "arn:aws:sns:eu-west-1:111122223333:orders"
    error_message = "The topic may invoke the starter."
  }
  assert {
    condition     = aws_lambda_function_url.url[0].authorization_type == "AWS_IAM" && aws_cloudwatch_metric_alarm.errors_alarm.alarm_actions == toset(["arn:aws:sns:eu-west-1:111122223333:pager"])
    error_message = "There is a URL for those who sign, and the pager hears of errors."
  }

  assert {
    condition = {
      for name, value in one(aws_lambda_function.function.environment).variables : name => value
      if contains(["OVERTIME_ASSIGN_PUBLIC_IP", "OVERTIME_CONTAINER_NAME", "OVERTIME_RUN_RETENTION_DAYS", "OVERTIME_SECURITY_GROUPS", "OVERTIME_SUBNETS", "OVERTIME_TIMEOUT_SECONDS"], name)
      } == {
      OVERTIME_ASSIGN_PUBLIC_IP   = "ENABLED"
      OVERTIME_CONTAINER_NAME     = "main"
      OVERTIME_RUN_RETENTION_DAYS = "1"
      OVERTIME_SECURITY_GROUPS    = "sg-0c,sg-0d"
      OVERTIME_SUBNETS            = "subnet-0c"
      OVERTIME_TIMEOUT_SECONDS    = "1209600"
    }
    error_message = "The starter's program has the settings that the variables say."
  }
  assert {
    condition     = output.function_name == "reports-starter" && aws_lambda_function.function.architectures == tolist(["x86_64"]) && aws_cloudwatch_log_group.logs.retention_in_days == 1
    error_message = "Name, architecture and retention are what the variables say."
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.policy.policy).Statement[1].Resource == [
      "arn:aws:lambda:eu-west-1:111122223333:function:report",
      "arn:aws:lambda:eu-west-1:111122223333:function:report:*",
    ]
    error_message = "Only the functions given may be run."
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.policy.policy).Statement[5].Resource == [
      "arn:aws:iam::111122223333:role/execution",
      "arn:aws:iam::111122223333:role/task",
      "arn:aws:iam::111122223333:role/report",
      "arn:aws:iam::111122223333:role/nightly",
    ]
    error_message = "The roles given are passed to tasks too."
  }
}
