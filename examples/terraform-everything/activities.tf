# A state of a state machine that takes as long as it takes: workers of the activity carry it out.
module "activities" {
  source = "../../modules/activities"

  name                = var.name
  cluster_arn         = module.overtime.cluster_arn
  subnet_ids          = data.aws_subnets.default.ids
  security_group_ids  = [module.overtime.security_group_id]
  assign_public_ip    = true
  log_group_name      = module.overtime.log_group_name
  log_group_arn       = module.overtime.log_group_arn
  payload_bucket_name = module.overtime.payload_bucket_name
  payload_bucket_arn  = module.overtime.payload_bucket_arn
  program_key         = module.overtime.program_key
  program_sha256      = module.overtime.program_sha256
  alarm_actions       = [aws_sns_topic.alarms.arn]

  activities = {
    Report = {
      function_name = var.function_name
      runtime       = "nodejs22.x"
      architecture  = var.architecture
      memory_mib    = 4096
    }
  }
}

resource "aws_sfn_state_machine" "report" {
  name     = "${var.name}-report"
  role_arn = aws_iam_role.state_machine.arn

  definition = jsonencode({
    StartAt = "Report"
    States  = { Report = jsondecode(module.activities.state_definitions["Report"]) }
  })
}

# A state machine needs no permission for an activity: the workers come to it.
resource "aws_iam_role" "state_machine" {
  name_prefix = "${var.name}-states-"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "states.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}
