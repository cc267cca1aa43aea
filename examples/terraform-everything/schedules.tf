# Overtime's own service fires these: to the second, with policies for runs that overlap and slots that were missed.
module "schedules" {
  source = "../../modules/scheduler"

  name                  = var.name
  starter_function_arn  = module.overtime.function_arn
  starter_function_name = module.overtime.function_name
  cluster_arn           = module.overtime.cluster_arn
  log_group_name        = module.overtime.log_group_name
  log_group_arn         = module.overtime.log_group_arn
  subnet_ids            = data.aws_subnets.default.ids
  security_group_ids    = [module.overtime.security_group_id]
  assign_public_ip      = true
  ledger_table_name     = module.overtime.ledger_table_name
  ledger_table_arn      = module.overtime.ledger_table_arn
  payload_bucket_name   = module.overtime.payload_bucket_name
  alarm_actions         = [aws_sns_topic.alarms.arn]

  schedules = {
    nightly-report = {
      cron_time                 = "30 3 * * MON-FRI"
      time_zone                 = "Europe/Berlin"
      overlap                   = "skip"
      catch_up                  = "latest"
      starting_deadline_seconds = 7200
      request = jsonencode({
        arn       = var.function_name
        memoryMiB = 4096
        input     = { day = "<aws.scheduler.scheduled-time>" }
      })
    }
  }
}

# EventBridge Scheduler fires these: nothing of ours runs between one and the next. The map is of the same form.
module "eventbridge_schedules" {
  source = "../../modules/scheduler-eventbridge"

  name                 = var.name
  starter_function_arn = module.overtime.function_arn
  alarm_actions        = [aws_sns_topic.alarms.arn]

  schedules = {
    every-minute = {
      rate    = "1 minute"
      request = jsonencode({ arn = var.function_name, input = { slot = "<aws.scheduler.scheduled-time>" } })
    }
  }
}

# A schedule by the registrar, from wherever: it is checked as a row is, and refused with the reason.
resource "aws_lambda_invocation" "cleanup" {
  function_name   = module.schedules.registrar_function_name
  lifecycle_scope = "CRUD"

  input = jsonencode({
    schedule = {
      id        = "cleanup"
      cron_time = "H 4 * * SUN"
      request   = { arn = var.function_name }
    }
  })
}
