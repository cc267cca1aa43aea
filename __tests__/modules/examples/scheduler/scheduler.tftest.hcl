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
    defaults = { arn = "arn:aws:iam::111122223333:role/overtime-scheduler" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-west-1:111122223333:overtime-registrar-dead-letters" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/overtime-registrar" }
  }
  mock_resource "aws_dynamodb_table" {
    defaults = { arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/overtime-schedules", stream_arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/overtime-schedules/stream/1" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:eu-west-1:111122223333:function:overtime-registrar" }
  }
  mock_resource "aws_s3_object" {
    defaults = { arn = "arn:aws:s3:::overtime-payloads-1/programs/scheduler" }
  }
  mock_resource "aws_scheduler_schedule_group" {
    defaults = { arn = "arn:aws:scheduler:eu-west-1:111122223333:schedule-group/overtime" }
  }
}

variables {
  starter_function_arn  = "arn:aws:lambda:eu-west-1:111122223333:function:overtime-starter"
  starter_function_name = "overtime-starter"
  cluster_arn           = "arn:aws:ecs:eu-west-1:111122223333:cluster/overtime"
  log_group_name        = "/ecs/overtime"
  log_group_arn         = "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/overtime"
  subnet_ids            = ["subnet-0a"]
  security_group_ids    = ["sg-0a"]
  assign_public_ip      = false
  ledger_table_name     = "overtime-runs"
  ledger_table_arn      = "arn:aws:dynamodb:eu-west-1:111122223333:table/overtime-runs"
  payload_bucket_name   = "overtime-payloads-1"
}

run "the_service_is_the_default" {
  variables {
    schedules = { often = { cron_time = "*/10 * * * * *", overlap = "skip", request = "{\"arn\": \"report\"}" } }
  }

  assert {
    condition     = output.service_name == "overtime-scheduler" && output.schedules_table_name == "overtime-schedules" && output.registrar_function_name == "overtime-registrar" && output.schedule_group_name == null
    error_message = "A service fires what is declared, and there is no group of EventBridge's."
  }
}

run "the_same_declaration_for_eventbridge" {
  variables {
    engine    = "eventbridge"
    schedules = { nightly = { cron_time = "0 3 * * *", request = "{\"arn\": \"report\"}" } }
  }

  assert {
    condition     = output.schedule_group_name == "overtime" && output.service_name == null && output.schedules_table_name == null && output.registrar_function_arn == null
    error_message = "EventBridge Scheduler has the schedules, and nothing else is there."
  }
}

run "another_engine" {
  command = plan

  variables {
    engine = "cron"
  }

  expect_failures = [var.engine]
}
