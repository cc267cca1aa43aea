mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws-cn" }
  }
  mock_data "aws_region" {
    defaults = { id = "cn-north-1" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_resource "aws_ecr_repository" {
    defaults = {
      arn            = "arn:aws-cn:ecr:cn-north-1:111122223333:repository/overtime-runner"
      repository_url = "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/overtime-runner"
    }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws-cn:iam::111122223333:role/overtime" }
  }
  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws-cn:iam::111122223333:policy/overtime-runner" }
  }
  mock_resource "aws_dynamodb_table" {
    defaults = { arn = "arn:aws-cn:dynamodb:cn-north-1:111122223333:table/overtime-runs" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws-cn:s3:::overtime-payloads-1" }
  }
}

variables {
  log_group_name = "/ecs/overtime"
  log_group_arn  = "arn:aws-cn:logs:cn-north-1:111122223333:log-group:/ecs/overtime"
}

run "defaults" {
  assert {
    condition = output.task_definitions == [
      { family = "overtime-nodejs22-arm64", runtime = "nodejs22.x", architecture = "arm64" },
      { family = "overtime-nodejs22-x86_64", runtime = "nodejs22.x", architecture = "x86_64" },
    ]
    error_message = "There is a task definition for Node.js 22 on each architecture."
  }
  assert {
    condition     = aws_ecs_task_definition.task["nodejs22-arm64"].cpu == "1024" && aws_ecs_task_definition.task["nodejs22-arm64"].memory == "2048"
    error_message = "A task has one vCPU and 2 GiB."
  }
  assert {
    condition     = one(aws_ecs_task_definition.task["nodejs22-arm64"].runtime_platform).cpu_architecture == "ARM64"
    error_message = "ECS spells architectures in capitals."
  }
  assert {
    condition     = jsondecode(aws_ecs_task_definition.task["nodejs22-arm64"].container_definitions)[0].image == "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/overtime-runner:nodejs22-arm64"
    error_message = "The image is the one of the runtime's key in the module's own repository."
  }
  assert {
    condition = jsondecode(aws_iam_policy.runner.policy).Statement[0].Resource == [
      "arn:aws-cn:lambda:cn-north-1:111122223333:function:*",
      "arn:aws-cn:lambda:cn-north-1:111122223333:function:*:*",
    ]
    error_message = "All functions of the account and region may be run."
  }
  assert {
    condition     = jsondecode(aws_iam_policy.runner.policy).Statement[2].Resource == ["arn:aws-cn:kms:cn-north-1:111122223333:key/none"]
    error_message = "No key may be used: none has such an id."
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.execution_policy.policy).Statement[2].Resource == ["arn:aws-cn:ecr:cn-north-1:111122223333:repository/overtime-runner"]
    error_message = "Images come from the module's own repository alone."
  }
  assert {
    condition     = aws_s3_bucket.payloads.force_destroy == false && aws_dynamodb_table.ledger.deletion_protection_enabled == false && aws_ecr_repository.images.force_delete == true
    error_message = "Outputs are kept from terraform destroy; images, which can be built anew, are not."
  }
  assert {
    condition     = [for rule in aws_s3_bucket_lifecycle_configuration.payloads_expiry.rule : rule.expiration[0].days] == [30, 30]
    error_message = "Inputs and outputs are kept for 30 days."
  }
}

run "null_is_the_default" {
  command = plan

  variables {
    name                          = null
    function_arns                 = null
    kms_key_arns                  = null
    runtimes                      = null
    image_repository_force_delete = null
    image_repository_arns         = null
    payload_retention_days        = null
    payload_bucket_force_destroy  = null
    ledger_deletion_protection    = null
  }

  assert {
    condition     = toset(keys(aws_ecs_task_definition.task)) == toset(["nodejs22-arm64", "nodejs22-x86_64"]) && aws_ecr_repository.images.force_delete == true
    error_message = "A variable that is set to null has its default."
  }
}

run "every_variable_set" {
  variables {
    name          = "reports"
    function_arns = ["arn:aws-cn:lambda:cn-north-1:111122223333:function:report-*"]
    kms_key_arns  = ["arn:aws-cn:kms:cn-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"]
    runtimes = {
      "node" = { runtime = "nodejs22.x", architecture = "arm64", image = "registry.example/say-\"hi\":1", cpu = 256, memory_mib = 512 }
      "py"   = { runtime = "python3.13", architecture = "x86_64" }
    }
    image_repository_force_delete = false
    image_repository_arns         = ["arn:aws-cn:ecr:cn-north-1:111122223333:repository/mine"]
    payload_retention_days        = 3650
    payload_bucket_force_destroy  = true
    ledger_deletion_protection    = true
  }

  assert {
    condition = output.task_definitions == [
      { family = "reports-node", runtime = "nodejs22.x", architecture = "arm64" },
      { family = "reports-py", runtime = "python3.13", architecture = "x86_64" },
    ]
    error_message = "There is a task definition for each runtime of the variable."
  }
  assert {
    condition     = aws_ecs_task_definition.task["node"].cpu == "256" && aws_ecs_task_definition.task["node"].memory == "512" && aws_ecs_task_definition.task["py"].cpu == "1024"
    error_message = "A runtime has the size that it names, else the default."
  }
  assert {
    condition     = jsondecode(aws_ecs_task_definition.task["node"].container_definitions)[0].image == "registry.example/say-\"hi\":1"
    error_message = "A runtime has the image that it names, quotes and all."
  }
  assert {
    condition = jsondecode(aws_iam_policy.runner.policy).Statement[0].Resource == [
      "arn:aws-cn:lambda:cn-north-1:111122223333:function:report-*",
      "arn:aws-cn:lambda:cn-north-1:111122223333:function:report-*:*",
    ]
    error_message = "Only the functions given may be run."
  }
  assert {
    condition = [jsondecode(aws_iam_policy.runner.policy).Statement[2]] == [{
      Sid       = "DecryptFunctions"
      Effect    = "Allow"
      Action    = ["kms:Decrypt"]
      Resource  = ["arn:aws-cn:kms:cn-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"]
      Condition = { StringLike = { "kms:ViaService" = "lambda.*" } }
    }]
    error_message = "Lambda alone may decrypt with the keys given for the tasks."
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.execution_policy.policy).Statement[2].Resource == [
      "arn:aws-cn:ecr:cn-north-1:111122223333:repository/overtime-runner",
      "arn:aws-cn:ecr:cn-north-1:111122223333:repository/mine",
    ]
    error_message = "Images come from the repositories given too."
  }
  assert {
    condition     = aws_s3_bucket.payloads.force_destroy && aws_dynamodb_table.ledger.deletion_protection_enabled && !aws_ecr_repository.images.force_delete
    error_message = "What may be destroyed is what the variables say."
  }
  assert {
    condition     = [for rule in aws_s3_bucket_lifecycle_configuration.payloads_expiry.rule : rule.expiration[0].days] == [3650, 3650]
    error_message = "Inputs and outputs are kept as long as the variable says."
  }
}
