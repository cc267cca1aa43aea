# Tasks run in the account's default VPC, in the subnets that AWS made, which are public.
data "aws_vpc" "default" {
  default = true
}

data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
  filter {
    name   = "default-for-az"
    values = ["true"]
  }
}

module "cluster" {
  source = "../../modules/cluster"

  name   = var.name
  vpc_id = data.aws_vpc.default.id
}

module "runner" {
  source = "../../modules/runner"

  name           = var.name
  log_group_name = module.cluster.log_group_name
  log_group_arn  = module.cluster.log_group_arn
}

module "activities" {
  source = "../../modules/activities"

  name                = var.name
  cluster_arn         = module.cluster.cluster_arn
  subnet_ids          = data.aws_subnets.default.ids
  security_group_ids  = [module.cluster.security_group_id]
  assign_public_ip    = true
  log_group_name      = module.cluster.log_group_name
  log_group_arn       = module.cluster.log_group_arn
  payload_bucket_name = module.runner.payload_bucket_name
  payload_bucket_arn  = module.runner.payload_bucket_arn
  program_key         = module.runner.program_key
  program_sha256      = module.runner.program_sha256

  activities = {
    QueueGranules = {
      function_name     = var.function_name
      runtime           = "nodejs22.x"
      architecture      = var.architecture
      memory_mib        = 4096
      count             = 2
      heartbeat_seconds = 10
    }
  }
}

data "aws_lambda_function" "queue_granules" {
  function_name = var.function_name
}

# The same function twice with the same input: as Lambda runs it, and as a task without Lambda's limits. An error of the
# function has its own name in both.
resource "aws_sfn_state_machine" "queue_granules" {
  name     = "${var.name}-queue-granules"
  role_arn = aws_iam_role.state_machine.arn

  definition = jsonencode({
    StartAt = "InLambda"
    States = {
      InLambda = {
        Type       = "Task"
        Resource   = data.aws_lambda_function.queue_granules.arn
        InputPath  = "$.input"
        ResultPath = "$.lambda"
        Catch      = [{ ErrorEquals = ["NoGranules"], ResultPath = "$.lambda", Next = "AsActivity" }]
        Next       = "AsActivity"
      }
      AsActivity = merge(
        { for field, value in jsondecode(module.activities.state_definitions["QueueGranules"]) : field => value if field != "End" },
        {
          InputPath  = "$.input"
          ResultPath = "$.activity"
          Catch      = [{ ErrorEquals = ["NoGranules"], ResultPath = "$.activity", Next = "Done" }]
          Next       = "Done"
        },
      )
      Done = { Type = "Succeed" }
    }
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

resource "aws_iam_role_policy" "state_machine" {
  name = "invoke"
  role = aws_iam_role.state_machine.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = data.aws_lambda_function.queue_granules.arn }]
  })
}
