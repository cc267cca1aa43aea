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
  mock_resource "aws_sfn_activity" {
    defaults = { id = "arn:aws-cn:states:cn-north-1:111122223333:activity:made" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws-cn:iam::111122223333:role/overtime" }
  }
  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws-cn:iam::111122223333:policy/overtime-worker" }
  }
  mock_resource "aws_ecs_task_definition" {
    defaults = { arn = "arn:aws-cn:ecs:cn-north-1:111122223333:task-definition/made:1" }
  }
  mock_data "aws_lambda_function" {
    defaults = {
      arn            = "arn:aws-cn:lambda:cn-north-1:444455556666:function:report"
      image_uri      = "444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn/team/report:3"
      architectures  = ["arm64"]
      version        = "7"
      memory_size    = 512
      logging_config = [{ log_group = "/aws/lambda/report", log_format = "Text", application_log_level = "", system_log_level = "" }]
      environment    = [{ variables = { TITLE = "say \"hi\"" } }]
    }
  }
}

variables {
  cluster_arn         = "arn:aws-cn:ecs:cn-north-1:111122223333:cluster/overtime"
  subnet_ids          = ["subnet-0b", "subnet-0a"]
  security_group_ids  = ["sg-0a"]
  assign_public_ip    = true
  log_group_name      = "/ecs/overtime"
  log_group_arn       = "arn:aws-cn:logs:cn-north-1:111122223333:log-group:/ecs/overtime"
  payload_bucket_name = "overtime-payloads-1"
  payload_bucket_arn  = "arn:aws-cn:s3:::overtime-payloads-1"
  program_key         = "programs/0a/runner-program.js.gz"
  program_sha256      = "0a"
  activities          = { QueueGranules = { function_name = "queue-granules", runtime = "nodejs22.x" } }
}

run "no_activity" {
  variables {
    activities = {}
  }

  assert {
    condition     = output.activity_arns == {} && output.state_definitions == {} && length(aws_ecs_service.workers) == 0
    error_message = "Without an activity there is nothing to do."
  }
}

run "defaults" {
  assert {
    condition     = aws_sfn_activity.activity["QueueGranules"].name == "overtime-QueueGranules" && aws_ecs_service.workers["QueueGranules"].name == "overtime-activity-QueueGranules"
    error_message = "The activity's key is part of the names."
  }
  assert {
    condition = jsondecode(output.state_definitions["QueueGranules"]) == {
      Type             = "Task"
      Resource         = "arn:aws-cn:states:cn-north-1:111122223333:activity:made"
      HeartbeatSeconds = 90
      TimeoutSeconds   = 86490
      Retry = [{
        ErrorEquals     = ["Overtime.Interrupted", "States.HeartbeatTimeout"]
        IntervalSeconds = 1
        BackoffRate     = 2
        MaxDelaySeconds = 60
        JitterStrategy  = "FULL"
        MaxAttempts     = 3
      }]
      End = true
    }
    error_message = "The state has the worker's time limits, and tries again what a worker could not finish."
  }
  assert {
    condition     = keys(aws_ecs_task_definition.worker_on_base_images) == ["QueueGranules"] && length(aws_ecs_task_definition.worker) == 0 && length(aws_ecs_task_definition.worker_of_image) == 0
    error_message = "Workers run on AWS's base images."
  }
  assert {
    condition = { for each in jsondecode(aws_ecs_task_definition.worker_on_base_images["QueueGranules"].container_definitions)[0].environment : each.name => each.value } == {
      AWS_REGION                    = "cn-north-1"
      OVERTIME_ACTIVITY_ARN         = "arn:aws-cn:states:cn-north-1:111122223333:activity:made"
      OVERTIME_CONCURRENCY          = "1"
      OVERTIME_CONTROL_ROOT         = "/overtime"
      OVERTIME_FUNCTION_ARN         = "arn:aws-cn:lambda:cn-north-1:111122223333:function:queue-granules"
      OVERTIME_HEARTBEAT_SECONDS    = "90"
      OVERTIME_PAYLOAD_BUCKET       = "overtime-payloads-1"
      OVERTIME_RUNTIME              = "nodejs22.x"
      OVERTIME_RUNTIME_CONTAINER    = "package"
      OVERTIME_STOP_TIMEOUT_SECONDS = "120"
      OVERTIME_TIMEOUT_SECONDS      = "86400"
    }
    error_message = "The runner knows what it is a worker of."
  }
  assert {
    condition     = jsondecode(aws_ecs_task_definition.worker_on_base_images["QueueGranules"].container_definitions)[*].image == ["public.ecr.aws/lambda/nodejs:22", "public.ecr.aws/lambda/nodejs:22"]
    error_message = "Both containers run on AWS's base image for Node.js."
  }
  assert {
    condition     = slice(jsondecode(aws_ecs_task_definition.worker_on_base_images["QueueGranules"].container_definitions)[0].command, 2, 5) == ["overtime-payloads-1", "programs/0a/runner-program.js.gz", "0a"]
    error_message = "The first container fetches the runner module's program."
  }
  assert {
    condition     = one(aws_ecs_task_definition.worker_on_base_images["QueueGranules"].runtime_platform).cpu_architecture == "X86_64" && length(aws_ecs_task_definition.worker_on_base_images["QueueGranules"].ephemeral_storage) == 0
    error_message = "Workers are on x86_64, with the disk that Fargate gives without asking."
  }
  assert {
    condition     = aws_ecs_service.workers["QueueGranules"].desired_count == 1 && one(aws_ecs_service.workers["QueueGranules"].capacity_provider_strategy).capacity_provider == "FARGATE" && one(aws_ecs_service.workers["QueueGranules"].network_configuration).assign_public_ip
    error_message = "One worker runs on Fargate, with a public address where that is asked for."
  }
  assert {
    condition     = jsondecode(aws_iam_policy.worker_policy["QueueGranules"].policy).Statement[*].Sid == ["TakeActivityTasks", "SendTaskOutcomes", "SendTaskHeartbeats", "FetchFunction", "FetchLayers", "DecryptFunctions", "ReadOutputs", "WriteOutputs", "ReadProgram"]
    error_message = "A worker may do this and nothing else."
  }
  assert {
    condition     = jsondecode(aws_iam_policy.worker_policy["QueueGranules"].policy).Statement[0].Resource == "arn:aws-cn:states:cn-north-1:111122223333:activity:made"
    error_message = "A worker may take the tasks of its activity."
  }
  assert {
    condition = jsondecode(aws_iam_policy.worker_policy["QueueGranules"].policy).Statement[3].Resource == [
      "arn:aws-cn:lambda:cn-north-1:111122223333:function:queue-granules",
      "arn:aws-cn:lambda:cn-north-1:111122223333:function:queue-granules:*",
    ]
    error_message = "A worker may fetch the one function of its activity."
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.execution_policy.policy).Statement[2].Resource == ["arn:aws-cn:ecr:cn-north-1:111122223333:repository/NONE"]
    error_message = "No repository may be pulled from: none has such a name."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.late_tasks_alarm["QueueGranules"].threshold == 600000 && aws_cloudwatch_metric_alarm.missing_workers_alarm["QueueGranules"].dimensions == tomap({ ClusterName = "overtime", ServiceName = "overtime-activity-QueueGranules" })
    error_message = "Ten minutes of waiting raise an alarm, in milliseconds, and so does a service without a worker."
  }
}

run "null_is_the_default" {
  command = plan

  variables {
    name                   = null
    ec2_capacity_provider  = null
    runner_images          = null
    image_repository_url   = null
    base_image_prefix      = null
    layer_arns             = null
    kms_key_arns           = null
    alarm_actions          = null
    failed_tasks_threshold = null
    late_start_seconds     = null
  }

  assert {
    condition     = keys(aws_ecs_task_definition.worker_on_base_images) == ["QueueGranules"] && aws_cloudwatch_metric_alarm.failed_tasks_alarm["QueueGranules"].threshold == 1
    error_message = "A variable that is set to null has its default."
  }
}

run "every_variable_set" {
  variables {
    name                  = "reports"
    ec2_capacity_provider = "reports-instances"
    runner_images         = "repository"
    image_repository_url  = "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/reports-runner"
    base_image_prefix     = "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/mirror/lambda"
    layer_arns            = ["arn:aws-cn:lambda:cn-north-1:111122223333:layer:fonts:*"]
    kms_key_arns          = ["arn:aws-cn:kms:cn-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"]
    alarm_actions         = ["arn:aws-cn:sns:cn-north-1:111122223333:pager"]

    failed_tasks_threshold = 5
    late_start_seconds     = 60
    activities = {
      seed = {
        image             = "registry.example/cumulus-ecs-task:1.2.5"
        commands          = ["--lambdaArn", "queue-granules"]
        command           = ["python3", "say \"hi\".py"]
        memory_mib        = 4000
        cpu               = 300
        count             = 2
        capacity          = "EC2"
        environment       = { AWS_DEFAULT_REGION = "cn-north-1", AWS_REGION = "us-east-1", OVERTIME_CONCURRENCY = "99" }
        concurrency       = 4
        heartbeat_seconds = 300
        timeout_seconds   = 60
        retries           = 0
        policy_arns       = ["arn:aws-cn:iam::111122223333:policy/granules", "arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAccess"]
        task_role_arn     = "arn:aws-cn:iam::111122223333:role/granules"
      }
      big = {
        function_name         = "arn:aws-cn:lambda:cn-north-1:444455556666:function:resize"
        qualifier             = "live"
        runtime               = "python3.13"
        architecture          = "arm64"
        ephemeral_storage_gib = 200
        cpu                   = 16384
        memory_mib            = 122880
        count                 = 0
        idle_seconds          = 60
        capacity              = "FARGATE_SPOT"
      }
      picture = {
        function_name = "report"
        package_type  = "Image"
        image_config  = { command = ["app.handler"] }
      }
    }
  }

  assert {
    condition     = keys(aws_ecs_task_definition.worker) == ["big", "seed"] && keys(aws_ecs_task_definition.worker_of_image) == ["picture"] && length(aws_ecs_task_definition.worker_on_base_images) == 0
    error_message = "A worker is on the runner's image, on its own, or beside the function's."
  }
  assert {
    condition = [for each in ["big", "seed"] : jsondecode(aws_ecs_task_definition.worker[each].container_definitions)[0].image] == [
      "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/reports-runner:python313-arm64",
      "registry.example/cumulus-ecs-task:1.2.5",
    ]
    error_message = "The tag of the runner's image is the runtime and the architecture."
  }
  assert {
    condition = { for each in jsondecode(aws_ecs_task_definition.worker["seed"].container_definitions)[0].environment : each.name => each.value } == {
      AWS_DEFAULT_REGION            = "cn-north-1"
      AWS_REGION                    = "cn-north-1"
      OVERTIME_ACTIVITY_ARN         = "arn:aws-cn:states:cn-north-1:111122223333:activity:made"
      OVERTIME_COMMAND              = "[\"python3\",\"say \\\"hi\\\".py\"]"
      OVERTIME_CONCURRENCY          = "4"
      OVERTIME_HEARTBEAT_SECONDS    = "300"
      OVERTIME_PAYLOAD_BUCKET       = "overtime-payloads-1"
      OVERTIME_STOP_TIMEOUT_SECONDS = "120"
      OVERTIME_TIMEOUT_SECONDS      = "60"
    }
    error_message = "A variable of one's own is there, and hides none of the worker's."
  }
  assert {
    condition     = jsondecode(aws_ecs_task_definition.worker["seed"].container_definitions)[0].command == ["--lambdaArn", "queue-granules"] && aws_ecs_task_definition.worker["seed"].task_role_arn == "arn:aws-cn:iam::111122223333:role/granules"
    error_message = "The runner gets the words of the command line, and the role that is given."
  }
  assert {
    condition     = aws_ecs_task_definition.worker["seed"].requires_compatibilities == toset(["EC2"]) && aws_ecs_task_definition.worker["big"].requires_compatibilities == toset(["EC2", "FARGATE"])
    error_message = "Fargate does not look at what runs on instances."
  }
  assert {
    condition = [
      one(aws_ecs_service.workers["seed"].capacity_provider_strategy).capacity_provider,
      one(aws_ecs_service.workers["big"].capacity_provider_strategy).capacity_provider,
      one(aws_ecs_service.workers["seed"].network_configuration).assign_public_ip,
      one(aws_ecs_service.workers["big"].network_configuration).assign_public_ip,
    ] == ["reports-instances", "FARGATE_SPOT", false, true]
    error_message = "Workers on instances have the cluster's capacity provider and no public address."
  }
  assert {
    condition     = [aws_ecs_service.workers["seed"].deployment_minimum_healthy_percent, aws_ecs_service.workers["seed"].deployment_maximum_percent, aws_ecs_service.workers["big"].deployment_minimum_healthy_percent, aws_ecs_service.workers["big"].deployment_maximum_percent] == [0, 100, 100, 200]
    error_message = "On instances the old workers go first, on Fargate the new ones come first."
  }
  assert {
    condition     = one(aws_ecs_task_definition.worker["big"].ephemeral_storage).size_in_gib == 200
    error_message = "A worker has the disk that is asked for."
  }
  assert {
    condition     = [for each in jsondecode(aws_ecs_task_definition.worker["big"].container_definitions)[0].environment : each.value if contains(["OVERTIME_FUNCTION_ARN", "OVERTIME_IDLE_SECONDS"], each.name)] == ["arn:aws-cn:lambda:cn-north-1:444455556666:function:resize:live", "60"]
    error_message = "A function has its qualifier."
  }
  assert {
    condition     = [for each in jsondecode(aws_ecs_task_definition.worker_of_image["picture"].container_definitions)[0].environment : each.value if each.name == "OVERTIME_IMAGE_URI"] == ["444455556666.dkr.ecr.cn-north-1.amazonaws.com.cn/team/report:3"]
    error_message = "The runner knows which image stands beside it."
  }
  assert {
    condition     = jsondecode(aws_ecs_task_definition.worker_of_image["picture"].container_definitions)[1].command == ["app.handler"] && jsondecode(aws_ecs_task_definition.worker_of_image["picture"].container_definitions)[1].entryPoint == null
    error_message = "What the variable says of ImageConfig goes over the image."
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.execution_policy.policy).Statement[2].Resource == [
      "arn:aws-cn:ecr:cn-north-1:111122223333:repository/mirror/lambda/nodejs",
      "arn:aws-cn:ecr:cn-north-1:111122223333:repository/reports-runner",
      "arn:aws-cn:ecr:cn-north-1:111122223333:repository/NONE",
      "arn:aws-cn:ecr:cn-north-1:444455556666:repository/team/report",
    ]
    error_message = "Images come from the mirror, from the runner's repository and from that of the function."
  }
  assert {
    condition     = { for key, one in aws_iam_role_policy_attachment.worker_own : key => one.policy_arn } == { "seed/0" = "arn:aws-cn:iam::111122223333:policy/granules", "seed/1" = "arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAccess" }
    error_message = "The policies that are given are attached."
  }
  assert {
    condition     = jsondecode(aws_iam_policy.worker_policy["seed"].policy).Statement[3].Resource[0] == "arn:aws-cn:lambda:cn-north-1:111122223333:function:no.function"
    error_message = "A worker without a function may fetch none: none has such a name."
  }
  assert {
    condition     = jsondecode(output.state_definitions["seed"]).Retry[0].MaxAttempts == 0 && jsondecode(output.state_definitions["seed"]).TimeoutSeconds == 360 && jsondecode(output.state_definitions["seed"]).HeartbeatSeconds == 300
    error_message = "The state has what the activity says."
  }
  assert {
    condition     = keys(aws_cloudwatch_metric_alarm.missing_workers_alarm) == ["picture", "seed"] && aws_cloudwatch_metric_alarm.failed_tasks_alarm["seed"].threshold == 5 && aws_cloudwatch_metric_alarm.late_tasks_alarm["big"].threshold == 60000
    error_message = "Nobody misses workers where none is wanted."
  }
}
