# A row inserted, a task started: see docs/database.md. The cluster of Aurora is an example; a module of yours may make it.
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

module "overtime" {
  source = "../../modules/overtime"

  name             = var.name
  vpc_id           = data.aws_vpc.default.id
  subnet_ids       = data.aws_subnets.default.ids
  assign_public_ip = true

  # The container of this family may be started as it is, whatever its revision.
  container_task_definitions = ["process-employee-purchases"]
  container_role_arns        = var.purchases_role_arns
}

# pg_cron empties the outbox: it has to be loaded with the server.
resource "aws_rds_cluster_parameter_group" "shop" {
  name   = var.database_identifier
  family = "aurora-postgresql16"

  parameter {
    name         = "shared_preload_libraries"
    value        = "pg_stat_statements,pg_cron"
    apply_method = "pending-reboot"
  }
}

resource "aws_rds_cluster" "shop" {
  cluster_identifier              = var.database_identifier
  engine                          = "aurora-postgresql"
  engine_version                  = "16"
  engine_mode                     = "provisioned"
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.shop.name
  database_name                   = "shop"
  master_username                 = "administrator"
  manage_master_user_password     = true
  storage_encrypted               = true
  skip_final_snapshot             = true

  serverlessv2_scaling_configuration {
    min_capacity = 0.5
    max_capacity = 2
  }
}

resource "aws_rds_cluster_instance" "shop" {
  cluster_identifier = aws_rds_cluster.shop.id
  engine             = aws_rds_cluster.shop.engine
  instance_class     = "db.serverless"
}

module "purchases" {
  source = "../../modules/database-trigger"

  name                 = var.name
  engine               = "aurora-postgresql"
  database_identifier  = aws_rds_cluster.shop.cluster_identifier
  starter_function_arn = module.overtime.function_arn
  payload_bucket_name  = module.overtime.payload_bucket_name
  payload_bucket_arn   = module.overtime.payload_bucket_arn

  triggers = {
    purchases = {
      schema     = "public"
      table      = "employee_purchases"
      columns    = ["id", "employee_id", "task_type"]
      operations = ["INSERT"]
    }
  }

  # The first rule that matches counts.
  rules = [
    {
      pattern = jsonencode({ table = ["employee_purchases"], new = { task_type = ["BUY"] } })
      request = jsonencode({
        taskDefinition = "process-employee-purchases"
        containerName  = "process-employee-purchases"
        environment = {
          SPRING_PROFILES_ACTIVE = "exportRunner"
          EMPLOYEE_ID            = "<$.rows[0].new.employee_id>"
        }
      })
    },
  ]
  no_match = "ignore"

  # All purchases of an employee within half a minute are one task.
  coalesce_seconds = 30
  coalesce_key     = "$.new.employee_id"

  # A purchase that is rolled back starts nothing.
  mode          = "outbox"
  database_name = "shop"
}
