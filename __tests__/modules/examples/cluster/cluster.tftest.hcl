mock_provider "aws" {}

variables {
  vpc_id = "vpc-0a1b2c3d"
}

run "defaults" {
  command = plan

  assert {
    condition     = aws_ecs_cluster.cluster.name == "overtime"
    error_message = "The name defaults to overtime."
  }
  assert {
    condition     = one(aws_ecs_cluster.cluster.setting) == { name = "containerInsights", value = "disabled" }
    error_message = "Container Insights costs money, so it is off."
  }
  assert {
    condition     = one(aws_ecs_cluster_capacity_providers.capacity.default_capacity_provider_strategy).capacity_provider == "FARGATE"
    error_message = "Tasks that name no capacity go to Fargate."
  }
  assert {
    condition     = aws_cloudwatch_log_group.logs.name == "/ecs/overtime" && aws_cloudwatch_log_group.logs.retention_in_days == 30
    error_message = "The tasks' log is kept for 30 days."
  }
  assert {
    condition     = length(aws_security_group.tasks.egress) == 1 && aws_security_group.tasks.vpc_id == "vpc-0a1b2c3d"
    error_message = "Tasks call out."
  }
}

run "null_is_the_default" {
  command = plan

  variables {
    name               = null
    container_insights = null
    default_capacity   = null
    log_retention_days = null
  }

  assert {
    condition     = output.cluster_name == "overtime" && output.log_group_name == "/ecs/overtime"
    error_message = "A variable that is set to null has its default."
  }
}

run "every_variable_set" {
  command = plan

  variables {
    name               = "reports-2"
    container_insights = "enhanced"
    default_capacity   = "FARGATE_SPOT"
    log_retention_days = 3653
  }

  assert {
    condition     = one(aws_ecs_cluster.cluster.setting).value == "enhanced"
    error_message = "Container Insights is what the variable says."
  }
  assert {
    condition     = one(aws_ecs_cluster_capacity_providers.capacity.default_capacity_provider_strategy).capacity_provider == "FARGATE_SPOT"
    error_message = "Tasks that name no capacity go where the variable says."
  }
  assert {
    condition     = aws_cloudwatch_log_group.logs.retention_in_days == 3653
    error_message = "The tasks' log is kept as long as the variable says."
  }
  assert {
    condition     = output.cluster_name == "reports-2" && aws_security_group.tasks.name == "reports-2-tasks"
    error_message = "The name begins those of the resources."
  }
}
