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

run "nothing_but_what_is_required" {
  assert {
    condition     = aws_ecs_service.service.desired_count == 2 && [for one in aws_ecs_service.service.capacity_provider_strategy : one.capacity_provider] == ["FARGATE"] && length(aws_dynamodb_table_item.schedule) == 0
    error_message = "Two copies run on Fargate, and nothing is scheduled."
  }
  assert {
    condition     = jsondecode(aws_ecs_task_definition.task.container_definitions)[0].image == "public.ecr.aws/lambda/nodejs:22" && jsondecode(aws_ecs_task_definition.task.container_definitions)[0].entryPoint == ["/var/lang/bin/node", "--max-semi-space-size=4"]
    error_message = "AWS's base image fetches the program."
  }
  assert {
    condition     = length(aws_iam_role_policy.execution_images) == 0
    error_message = "A public image needs no right to pull it."
  }
}

run "null_is_the_default" {
  command = plan

  variables {
    name                      = null
    schedules                 = null
    alarm_actions             = null
    other_table_arns          = null
    scheduler_count           = null
    cpu                       = null
    memory_mib                = null
    capacity                  = null
    image                     = null
    image_repository_arns     = null
    base_image_prefix         = null
    architecture              = null
    table_deletion_protection = null
    log_retention_days        = null
    lateness_milliseconds     = null
  }

  assert {
    condition     = output.service_name == "overtime-scheduler" && aws_ecs_task_definition.task.cpu == "256" && aws_ecs_task_definition.task.memory == "512"
    error_message = "A variable that is set to null has its default."
  }
}

run "every_variable_set" {
  variables {
    name                      = "reports"
    alarm_actions             = ["arn:aws:sns:eu-west-1:111122223333:pager"]
    other_table_arns          = ["arn:aws:dynamodb:eu-west-1:111122223333:table/clockwork"]
    scheduler_count           = 3
    cpu                       = 512
    memory_mib                = 1024
    capacity                  = "EC2"
    assign_public_ip          = true
    image                     = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/scheduler:1"
    image_repository_arns     = ["arn:aws:ecr:eu-west-1:111122223333:repository/scheduler"]
    base_image_prefix         = "mirror.example.org/lambda"
    architecture              = "x86_64"
    table_deletion_protection = true
    log_retention_days        = 7
    lateness_milliseconds     = 5000
    schedules = {
      nightly = {
        cron_time                 = "30 3 * * MON-FRI"
        time_zone                 = "Europe/Berlin"
        dst_policy                = "after"
        start_at                  = "2026-12-01T00:00:00Z"
        end_at                    = "2027-12-01T00:00:00+01:00"
        jitter_seconds            = 90
        enabled                   = false
        overlap                   = "replace"
        catch_up                  = "all"
        starting_deadline_seconds = 600
        name                      = "The nightly report"
        request                   = "{\"arn\": \"report\"}"
      }
      seed = { rate = "90 seconds", definition_arn = "jobs:7", ecs_cluster_arn = "jobs" }
      once = { at = "2026-12-24T18:00:00Z", request = "{\"arn\": \"greet\"}" }
    }
  }

  assert {
    condition = { for id, one in aws_dynamodb_table_item.schedule : id => jsondecode(one.item) } == {
      nightly = {
        id                        = { S = "nightly" }
        cron_time                 = { S = "30 3 * * MON-FRI" }
        time_zone                 = { S = "Europe/Berlin" }
        dst_policy                = { S = "after" }
        start_at                  = { S = "2026-12-01T00:00:00Z" }
        end_at                    = { S = "2027-12-01T00:00:00+01:00" }
        jitter_seconds            = { N = "90" }
        enabled                   = { BOOL = false }
        overlap                   = { S = "replace" }
        catch_up                  = { S = "all" }
        starting_deadline_seconds = { N = "600" }
        name                      = { S = "The nightly report" }
        request                   = { S = "{\"arn\": \"report\"}" }
      }
      seed = { id = { S = "seed" }, rate = { S = "90 seconds" }, definition_arn = { S = "jobs:7" }, ecs_cluster_arn = { S = "jobs" } }
      once = { id = { S = "once" }, at = { S = "2026-12-24T18:00:00Z" }, request = { S = "{\"arn\": \"greet\"}" } }
    }
    error_message = "Each schedule is a row with what is declared of it, and nothing else."
  }
  assert {
    condition     = aws_ecs_service.service.launch_type == "EC2" && length(aws_ecs_service.service.capacity_provider_strategy) == 0 && aws_ecs_service.service.network_configuration[0].assign_public_ip == false && aws_ecs_service.service.desired_count == 3
    error_message = "Three copies run on instances, which have the way out."
  }
  assert {
    condition = alltrue([
      jsondecode(aws_ecs_task_definition.task.container_definitions)[0].image == "111122223333.dkr.ecr.eu-west-1.amazonaws.com/scheduler:1",
      try(jsondecode(aws_ecs_task_definition.task.container_definitions)[0].entryPoint, null) == null,
      try(jsondecode(aws_ecs_task_definition.task.container_definitions)[0].command, null) == null,
      jsondecode(aws_iam_role_policy.execution_images[0].policy).Statement[1].Resource == ["arn:aws:ecr:eu-west-1:111122223333:repository/scheduler"],
    ])
    error_message = "An image of one's own is pulled and runs as it is."
  }
  assert {
    condition = alltrue([
      aws_dynamodb_table.schedules.deletion_protection_enabled,
      aws_dynamodb_table.schedule_states.deletion_protection_enabled,
      aws_cloudwatch_log_group.registrar_logs.retention_in_days == 7,
      aws_lambda_function.registrar_function.architectures == tolist(["x86_64"]),
      aws_ecs_task_definition.task.runtime_platform[0].cpu_architecture == "X86_64",
      aws_cloudwatch_metric_alarm.late_slots_alarm.threshold == 5000,
      aws_cloudwatch_metric_alarm.no_scheduler_alarm.alarm_actions == toset(["arn:aws:sns:eu-west-1:111122223333:pager"]),
    ])
    error_message = "Protection, retention, architecture and alarms are what the variables say."
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.registrar_policy.policy).Statement[1].Resource == ["arn:aws:dynamodb:eu-west-1:111122223333:table/overtime-schedules", "arn:aws:dynamodb:eu-west-1:111122223333:table/clockwork"]
    error_message = "The registrar may write the other table."
  }
}

run "spare_capacity" {
  command = plan

  variables {
    capacity          = "FARGATE_SPOT"
    assign_public_ip  = true
    base_image_prefix = "mirror.example.org/lambda"
  }

  assert {
    condition     = [for one in aws_ecs_service.service.capacity_provider_strategy : one.capacity_provider] == ["FARGATE_SPOT"] && aws_ecs_service.service.network_configuration[0].assign_public_ip == true
    error_message = "The copies run on Fargate's spare capacity, with a public address."
  }
}
