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
  mock_resource "aws_ecs_cluster" {
    defaults = { arn = "arn:aws:ecs:eu-west-1:111122223333:cluster/overtime" }
  }
  mock_resource "aws_security_group" {
    defaults = { id = "sg-0a" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/overtime" }
  }
  mock_resource "aws_ecr_repository" {
    defaults = {
      arn            = "arn:aws:ecr:eu-west-1:111122223333:repository/overtime-runner"
      repository_url = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/overtime-runner"
    }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/overtime" }
  }
  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::111122223333:policy/overtime-runner" }
  }
  mock_resource "aws_dynamodb_table" {
    defaults = { arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/overtime-runs" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::overtime-payloads-1", bucket = "overtime-payloads-1" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = {
      arn = "arn:aws:sqs:eu-west-1:111122223333:overtime-starter-dead-letters"
      url = "https://sqs.eu-west-1.amazonaws.com/111122223333/overtime-starter-dead-letters"
    }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:eu-west-1:111122223333:function:overtime-starter" }
  }
  mock_resource "aws_cloudwatch_event_rule" {
    defaults = { arn = "arn:aws:events:eu-west-1:111122223333:rule/overtime" }
  }
}

variables {
  vpc_id           = "vpc-0a"
  subnet_ids       = ["subnet-0a", "subnet-0b"]
  assign_public_ip = true
}

run "plan_of_nothing_yet_there" {
  command = plan

  assert {
    condition     = output.function_name == "overtime-starter" && output.ledger_table_name == "overtime-runs"
    error_message = "The names are known before anything is made."
  }
}

run "with_a_repository" {
  variables {
    runner_images = "repository"
  }

  assert {
    condition = [
      output.cluster_arn,
      output.cluster_name,
      output.log_group_name,
      output.security_group_id,
      ] == [
      "arn:aws:ecs:eu-west-1:111122223333:cluster/overtime",
      "overtime",
      "/ecs/overtime",
      "sg-0a",
    ]
    error_message = "Each output of the cluster is passed on."
  }
  assert {
    condition = [
      output.image_repository_url,
      output.ledger_table_arn,
      output.ledger_table_name,
      output.payload_bucket_arn,
      output.payload_bucket_name,
      output.runner_policy_arn,
      output.task_role_arn,
      ] == [
      "111122223333.dkr.ecr.eu-west-1.amazonaws.com/overtime-runner",
      "arn:aws:dynamodb:eu-west-1:111122223333:table/overtime-runs",
      "overtime-runs",
      "arn:aws:s3:::overtime-payloads-1",
      "overtime-payloads-1",
      "arn:aws:iam::111122223333:policy/overtime-runner",
      "arn:aws:iam::111122223333:role/overtime",
    ]
    error_message = "Each output of the runner is passed on."
  }
  assert {
    condition = [
      output.dead_letter_queue_arn,
      output.dead_letter_queue_url,
      output.function_arn,
      output.function_name,
      ] == [
      "arn:aws:sqs:eu-west-1:111122223333:overtime-starter-dead-letters",
      "https://sqs.eu-west-1.amazonaws.com/111122223333/overtime-starter-dead-letters",
      "arn:aws:lambda:eu-west-1:111122223333:function:overtime-starter",
      "overtime-starter",
    ]
    error_message = "Each output of the starter is passed on."
  }
}

run "every_variable_set" {
  variables {
    name          = "reports"
    function_arns = ["arn:aws:lambda:eu-west-1:111122223333:function:report-*"]
    runtimes = {
      py = { runtime = "python3.13", architecture = "x86_64", cpu = 512, memory_mib = 1024 }
    }
    container_functions          = {}
    runner_images                = "public"
    base_image_prefix            = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/mirror/lambda"
    image_repository_arns        = ["arn:aws:ecr:eu-west-1:111122223333:repository/mine"]
    task_role_arns               = ["arn:aws:iam::111122223333:role/report"]
    container_task_definitions   = ["nightly"]
    container_role_arns          = ["arn:aws:iam::111122223333:role/nightly"]
    cluster_arns                 = ["arn:aws:ecs:eu-west-1:111122223333:cluster/nightly"]
    run_timeout_seconds          = 3600
    run_retention_days           = 7
    payload_retention_days       = 14
    payload_bucket_force_destroy = true
    ledger_deletion_protection   = true
    container_insights           = "enhanced"
    log_retention_days           = 90
    destination_arns             = ["arn:aws:sqs:eu-west-1:111122223333:results"]
    request_queue_arns           = { reports = "arn:aws:sqs:eu-west-1:111122223333:reports" }
    invokers                     = { orders = { principal = "sns.amazonaws.com", source_arn = "arn:aws:sns:eu-west-1:111122223333:orders" } }
    function_url                 = true
    launch_burst                 = 500
    launches_per_second          = 50
    overflow_causes              = []
    alarm_actions                = ["arn:aws:sns:eu-west-1:111122223333:pager"]
    failed_runs_threshold        = 5
    late_start_seconds           = 60
  }

  assert {
    condition     = output.function_name == "reports-starter" && output.cluster_name == "reports" && output.ledger_table_name == "reports-runs"
    error_message = "All three modules have the name."
  }
}
