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
    defaults = { arn = "arn:aws-cn:s3:::overtime-payloads-1", bucket = "overtime-payloads-1" }
  }
  mock_data "aws_lambda_function" {
    defaults = {
      arn            = "arn:aws-cn:lambda:cn-north-1:444455556666:function:report"
      image_uri      = "444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn/team/report:3"
      architectures  = ["arm64"]
      version        = "7"
      memory_size    = 512
      logging_config = [{ log_group = "/aws/lambda/report", log_format = "Text", application_log_level = "", system_log_level = "" }]
      code_sha256    = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
      environment    = [{ variables = { TITLE = "say \"hi\"", _HANDLER = "not mine", TZ = "Asia/Shanghai", ODD = "<e\u0301> & \u2028\\\n\t" } }]
    }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws-cn:sqs:cn-north-1:111122223333:overtime-launches.fifo" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws-cn:lambda:cn-north-1:111122223333:function:overtime-watcher" }
  }
  mock_resource "aws_cloudwatch_event_rule" {
    defaults = { arn = "arn:aws-cn:events:cn-north-1:111122223333:rule/overtime-sweep" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws-cn:logs:cn-north-1:111122223333:log-group:/aws/lambda/overtime-watcher" }
  }
}

variables {
  log_group_name = "/ecs/overtime"
  log_group_arn  = "arn:aws-cn:logs:cn-north-1:111122223333:log-group:/ecs/overtime"
}

run "defaults" {
  assert {
    condition = output.task_definitions == [
      { family = "overtime-nodejs22-arm64", runtime = "nodejs22.x", architecture = "arm64", function = null },
      { family = "overtime-nodejs22-x86_64", runtime = "nodejs22.x", architecture = "x86_64", function = null },
    ]
    error_message = "There is a task definition for Node.js 22 on each architecture."
  }
  assert {
    condition     = aws_ecs_task_definition.task_on_base_images["nodejs22-arm64"].cpu == "1024" && aws_ecs_task_definition.task_on_base_images["nodejs22-arm64"].memory == "2048"
    error_message = "A task has one vCPU and 2 GiB."
  }
  assert {
    condition     = one(aws_ecs_task_definition.task_on_base_images["nodejs22-arm64"].runtime_platform).cpu_architecture == "ARM64"
    error_message = "ECS spells architectures in capitals."
  }
  assert {
    condition     = jsondecode(aws_ecs_task_definition.task_on_base_images["nodejs22-arm64"].container_definitions)[*].image == ["public.ecr.aws/lambda/nodejs:22", "public.ecr.aws/lambda/nodejs:22"]
    error_message = "Both containers run on AWS's base image for Node.js."
  }
  assert {
    condition     = aws_s3_object.program.key == "programs/${filesha256("./runner-program.js.gz")}/runner-program.js.gz" && jsondecode(aws_ecs_task_definition.task_on_base_images["nodejs22-arm64"].container_definitions)[0].command[4] == filesha256("./runner-program.js.gz")
    error_message = "The command has the hash of the program that lies in the bucket."
  }
  assert {
    condition     = length(aws_ecr_repository.images) == 0 && length(aws_iam_role_policy.execution_images) == 0 && output.image_repository_url == null
    error_message = "There is no repository that nobody asked for."
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
    condition     = aws_s3_bucket.payloads.force_destroy == false && aws_dynamodb_table.ledger.deletion_protection_enabled == false
    error_message = "Outputs are kept from terraform destroy."
  }
  assert {
    condition     = [for rule in aws_s3_bucket_lifecycle_configuration.payloads_expiry.rule : rule.expiration[0].days] == [30, 30]
    error_message = "Inputs and outputs are kept for 30 days."
  }
}

run "watcher" {
  assert {
    condition     = aws_lambda_function.watcher_function.source_code_hash == filebase64sha256("watcher.zip") && one(aws_lambda_function.watcher_function.environment).variables.OVERTIME_LEDGER_TABLE == "overtime-runs"
    error_message = "The watcher's program is the zip beside the module, and it knows the ledger."
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.watcher_policy.policy).Statement[3].Resource == "arn:aws-cn:ecs:cn-north-1:111122223333:task/*"
    error_message = "The watcher may look at the tasks of this account and region."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.failed_runs_alarm.threshold == 1 && aws_cloudwatch_metric_alarm.late_runs_alarm.threshold == 600
    error_message = "One run that fails raises the alarm, and so does one that waits ten minutes."
  }
}

run "null_is_the_default" {
  command = plan

  variables {
    name                          = null
    function_arns                 = null
    kms_key_arns                  = null
    destination_arns              = null
    runtimes                      = null
    container_functions           = null
    runner_images                 = null
    base_image_prefix             = null
    image_repository_force_delete = null
    image_repository_arns         = null
    payload_retention_days        = null
    payload_bucket_force_destroy  = null
    ledger_deletion_protection    = null
    architecture                  = null
    log_retention_days            = null
    alarm_actions                 = null
    failed_runs_threshold         = null
    late_start_seconds            = null
  }

  assert {
    condition     = toset(keys(aws_ecs_task_definition.task_on_base_images)) == toset(["nodejs22-arm64", "nodejs22-x86_64"]) && length(aws_ecr_repository.images) == 0
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
    container_functions = {
      "report" = { function_name = "report", qualifier = "live", command = ["app.handler"], entry_point = ["/bin/\"app\""], working_directory = "/app", cpu = 256, memory_mib = 512 }
    }
    runner_images                 = "repository"
    base_image_prefix             = "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/mirror/lambda"
    image_repository_force_delete = false
    image_repository_arns         = ["arn:aws-cn:ecr:cn-north-1:111122223333:repository/mine"]
    payload_retention_days        = 3650
    payload_bucket_force_destroy  = true
    ledger_deletion_protection    = true
    architecture                  = "x86_64"
    log_retention_days            = 1
    alarm_actions                 = ["arn:aws-cn:sns:cn-north-1:111122223333:pager"]
    failed_runs_threshold         = 5
    late_start_seconds            = 60
  }

  assert {
    condition     = aws_lambda_function.watcher_function.architectures == tolist(["x86_64"]) && aws_cloudwatch_log_group.watcher_logs.retention_in_days == 1
    error_message = "The watcher's architecture and retention are what the variables say."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.failed_runs_alarm.threshold == 5 && aws_cloudwatch_metric_alarm.late_runs_alarm.threshold == 60 && aws_cloudwatch_metric_alarm.lost_runs_alarm.alarm_actions == toset(["arn:aws-cn:sns:cn-north-1:111122223333:pager"])
    error_message = "The alarms are raised when, and tell whom, the variables say."
  }

  assert {
    condition = output.task_definitions == [
      { family = "reports-node", runtime = "nodejs22.x", architecture = "arm64", function = null },
      { family = "reports-py", runtime = "python3.13", architecture = "x86_64", function = null },
      { family = "reports-function-report", runtime = null, architecture = "arm64", function = "arn:aws-cn:lambda:cn-north-1:444455556666:function:report" },
    ]
    error_message = "There is a task definition for each runtime and each function of the variables."
  }
  assert {
    condition     = jsondecode(aws_ecs_task_definition.task["py"].container_definitions)[0].image == "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/overtime-runner:py"
    error_message = "A runtime without an image has the one with its key in the module's own repository."
  }
  assert {
    condition = [for container in jsondecode(aws_ecs_task_definition.container_function["report"].container_definitions) : container.image] == [
      "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/mirror/lambda/nodejs:22",
      "444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn/team/report@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ]
    error_message = "The runner is on the mirror's Node.js, the function on its own image, whatever its tag names by now."
  }
  assert {
    condition = { for each in jsondecode(aws_ecs_task_definition.container_function["report"].container_definitions)[0].environment : each.name => each.value if contains(["OVERTIME_IMAGE_URI", "OVERTIME_ENVIRONMENT_SHA256"], each.name) } == {
      OVERTIME_IMAGE_URI          = "444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn/team/report@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
      OVERTIME_ENVIRONMENT_SHA256 = "c185d2f2e11ae1009be3fae3df3346d5651d86159212538c3e849a4570de1691"
    }
    error_message = "The runner is told which image and which variables the function has here: __tests__/handlers/runner/sidecar/environment-sha256.test.ts."
  }
  assert {
    condition = [
      jsondecode(aws_ecs_task_definition.container_function["report"].container_definitions)[1].entryPoint,
      jsondecode(aws_ecs_task_definition.container_function["report"].container_definitions)[1].command,
      jsondecode(aws_ecs_task_definition.container_function["report"].container_definitions)[1].workingDirectory,
    ] == [["/bin/\"app\""], ["app.handler"], "/app"]
    error_message = "What the variable says of ImageConfig goes over the image."
  }
  assert {
    condition = { for each in jsondecode(aws_ecs_task_definition.container_function["report"].container_definitions)[1].environment : each.name => each.value } == {
      AWS_DEFAULT_REGION              = "cn-north-1"
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE = "512"
      AWS_LAMBDA_FUNCTION_NAME        = "report"
      AWS_LAMBDA_FUNCTION_VERSION     = "7"
      AWS_LAMBDA_INITIALIZATION_TYPE  = "on-demand"
      AWS_LAMBDA_LOG_GROUP_NAME       = "/aws/lambda/report"
      AWS_LAMBDA_LOG_STREAM_NAME      = "runtime"
      AWS_LAMBDA_RUNTIME_API          = "127.0.0.1:9001"
      AWS_REGION                      = "cn-north-1"
      LAMBDA_RUNTIME_DIR              = "/var/runtime"
      LAMBDA_TASK_ROOT                = "/var/task"
      ODD                             = "<\u00e9> & \u2028\\\n\t"
      TITLE                           = "say \"hi\""
      TZ                              = "Asia/Shanghai"
      _HANDLER                        = "app.handler"
    }
    error_message = "A function has its own environment, but for what Lambda reserves."
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
    condition = jsondecode(one(aws_iam_role_policy.execution_images).policy).Statement[1].Resource == [
      "arn:aws-cn:ecr:cn-north-1:111122223333:repository/overtime-runner",
      "arn:aws-cn:ecr:cn-north-1:111122223333:repository/mine",
      "arn:aws-cn:ecr:cn-north-1:444455556666:repository/team/report",
    ]
    error_message = "Images come from the module's own repository, from those given, and from those of the functions."
  }
  assert {
    condition     = aws_s3_bucket.payloads.force_destroy && aws_dynamodb_table.ledger.deletion_protection_enabled && !one(aws_ecr_repository.images).force_delete
    error_message = "What may be destroyed is what the variables say."
  }
  assert {
    condition     = [for rule in aws_s3_bucket_lifecycle_configuration.payloads_expiry.rule : rule.expiration[0].days] == [3650, 3650]
    error_message = "Inputs and outputs are kept as long as the variable says."
  }
}

run "a_function_whose_hash_is_no_digest" {
  command = plan

  variables {
    container_functions = { "report" = { function_name = "report" } }
  }

  override_data {
    target = data.aws_lambda_function.container
    values = {
      arn           = "arn:aws-cn:lambda:cn-north-1:444455556666:function:report"
      image_uri     = "444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn/team/report:3"
      code_sha256   = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="
      architectures = ["arm64"]
      memory_size   = 512
      environment   = []
    }
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.container_function["report"].container_definitions)[1].image == "444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn/team/report:3"
    error_message = "The image is the one that the function names."
  }
  assert {
    condition     = local.container_images["report"].environment_sha256 == sha256("")
    error_message = "A function without variables has the hash of nothing."
  }
}

run "every_runtime_on_base_images" {
  command = plan

  variables {
    runtimes = {
      "n"   = { runtime = "nodejs24.x", architecture = "arm64" }
      "p"   = { runtime = "python3.13", architecture = "arm64" }
      "j8"  = { runtime = "java8.al2", architecture = "arm64" }
      "j8b" = { runtime = "java8.al2023", architecture = "arm64" }
      "j"   = { runtime = "java25", architecture = "arm64" }
      "d"   = { runtime = "dotnet10", architecture = "arm64" }
      "r"   = { runtime = "ruby3.4", architecture = "arm64" }
      "o"   = { runtime = "provided.al2023", architecture = "arm64" }
      "own" = { runtime = "provided.al2", architecture = "arm64", image = "registry.example/own:1" }
    }
  }

  assert {
    condition = { for key, row in local.runtimes_on_base_images : key => row.image } == {
      n   = "public.ecr.aws/lambda/nodejs:24"
      p   = "public.ecr.aws/lambda/python:3.13"
      j8  = "public.ecr.aws/lambda/java:8.al2"
      j8b = "public.ecr.aws/lambda/java:8.al2023"
      j   = "public.ecr.aws/lambda/java:25"
      d   = "public.ecr.aws/lambda/dotnet:10"
      r   = "public.ecr.aws/lambda/ruby:3.4"
      o   = "public.ecr.aws/lambda/provided:al2023"
    }
    error_message = "A runtime's base image is AWS's for it."
  }
  assert {
    condition     = keys(aws_ecs_task_definition.task) == ["own"]
    error_message = "A runtime with an image of its own has one container, whatever the others have."
  }
}
