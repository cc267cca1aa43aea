# Each run gives one wrong value and everything else right: the validation of that variable refuses it.

mock_provider "aws" {}

variables {
  log_group_name = "/ecs/overtime"
  log_group_arn  = "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/overtime"
}

run "name_in_capitals" {
  command = plan

  variables {
    name = "Overtime"
  }

  expect_failures = [var.name]
}

run "log_group_with_its_streams" {
  command = plan

  variables {
    log_group_arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/overtime:*"
  }

  expect_failures = [var.log_group_arn]
}

run "no_function" {
  command = plan

  variables {
    function_arns = []
  }

  expect_failures = [var.function_arns]
}

run "function_by_name" {
  command = plan

  variables {
    function_arns = ["report"]
  }

  expect_failures = [var.function_arns]
}

run "function_with_qualifier" {
  command = plan

  variables {
    function_arns = ["arn:aws:lambda:eu-west-1:111122223333:function:report:1"]
  }

  expect_failures = [var.function_arns]
}

run "no_layer" {
  command = plan

  variables {
    layer_arns = []
  }

  expect_failures = [var.layer_arns]
}

run "layer_by_name" {
  command = plan

  variables {
    layer_arns = ["fonts"]
  }

  expect_failures = [var.layer_arns]
}

run "layer_without_version" {
  command = plan

  variables {
    layer_arns = ["arn:aws:lambda:eu-west-1:111122223333:layer:fonts"]
  }

  expect_failures = [var.layer_arns]
}

run "key_by_alias" {
  command = plan

  variables {
    kms_key_arns = ["arn:aws:kms:eu-west-1:111122223333:alias/functions"]
  }

  expect_failures = [var.kms_key_arns]
}

run "too_many_keys" {
  command = plan

  variables {
    kms_key_arns = [for number in range(11) : "arn:aws:kms:eu-west-1:111122223333:key/${number}"]
  }

  expect_failures = [var.kms_key_arns]
}

run "too_many_layers" {
  command = plan

  variables {
    layer_arns = [for number in range(21) : "arn:aws:lambda:eu-west-1:111122223333:layer:fonts-${number}:1"]
  }

  expect_failures = [var.layer_arns]
}

run "too_many_functions" {
  command = plan

  variables {
    function_arns = [for number in range(21) : "arn:aws:lambda:eu-west-1:111122223333:function:report-${number}"]
  }

  expect_failures = [var.function_arns]
}

run "no_runtime" {
  command = plan

  variables {
    runtimes = {}
  }

  expect_failures = [var.runtimes]
}

run "key_of_a_runtime_in_capitals" {
  command = plan

  variables {
    runtimes = { Node = { runtime = "nodejs22.x", architecture = "arm64" } }
  }

  expect_failures = [var.runtimes]
}

run "runtime_that_lambda_does_not_have" {
  command = plan

  variables {
    runtimes = { node = { runtime = "nodejs12.x", architecture = "arm64" } }
  }

  expect_failures = [var.runtimes]
}

run "architecture_that_lambda_does_not_have" {
  command = plan

  variables {
    runtimes = { node = { runtime = "nodejs22.x", architecture = "riscv64" } }
  }

  expect_failures = [var.runtimes]
}

run "size_that_fargate_does_not_have" {
  command = plan

  variables {
    runtimes = { node = { runtime = "nodejs22.x", architecture = "arm64", cpu = 256, memory_mib = 4096 } }
  }

  expect_failures = [var.runtimes]
}

run "memory_that_the_default_cpu_does_not_have" {
  command = plan

  variables {
    runtimes = { node = { runtime = "nodejs22.x", architecture = "arm64", memory_mib = 512 } }
  }

  expect_failures = [var.runtimes]
}

run "cpu_of_a_fraction" {
  command = plan

  variables {
    runtimes = { node = { runtime = "nodejs22.x", architecture = "arm64", cpu = 0.25 } }
  }

  expect_failures = [var.runtimes]
}

run "two_runtimes_alike" {
  command = plan

  variables {
    runtimes = { one = { runtime = "nodejs22.x", architecture = "arm64" }, two = { runtime = "nodejs22.x", architecture = "arm64" } }
  }

  expect_failures = [var.runtimes]
}

run "too_many_destinations" {
  command = plan

  variables {
    destination_arns = [for number in range(21) : "arn:aws:sqs:eu-west-1:111122223333:results-${number}"]
  }

  expect_failures = [var.destination_arns]
}

run "destination_by_name" {
  command = plan

  variables {
    destination_arns = ["results"]
  }

  expect_failures = [var.destination_arns]
}

run "container_function_by_a_qualified_arn" {
  command = plan

  variables {
    container_functions = { report = { function_name = "arn:aws:lambda:eu-west-1:111122223333:function:report:live" } }
  }

  expect_failures = [var.container_functions]
}

run "key_of_a_container_function_in_capitals" {
  command = plan

  variables {
    container_functions = { Report = { function_name = "report" } }
  }

  expect_failures = [var.container_functions]
}

run "size_of_a_container_function_that_fargate_does_not_have" {
  command = plan

  variables {
    container_functions = { report = { function_name = "report", cpu = 256, memory_mib = 4096 } }
  }

  expect_failures = [var.container_functions]
}

run "images_from_nowhere" {
  command = plan

  variables {
    runner_images = "private"
  }

  expect_failures = [var.runner_images]
}

run "repository_by_url" {
  command = plan

  variables {
    image_repository_arns = ["111122223333.dkr.ecr.eu-west-1.amazonaws.com/mine"]
  }

  expect_failures = [var.image_repository_arns]
}

run "too_many_repositories" {
  command = plan

  variables {
    image_repository_arns = [for number in range(21) : "arn:aws:ecr:eu-west-1:111122223333:repository/${number}"]
  }

  expect_failures = [var.image_repository_arns]
}

run "payload_retention_of_0" {
  command = plan

  variables {
    payload_retention_days = 0
  }

  expect_failures = [var.payload_retention_days]
}

run "payload_retention_of_3651" {
  command = plan

  variables {
    payload_retention_days = 3651
  }

  expect_failures = [var.payload_retention_days]
}

run "payload_retention_of_a_fraction" {
  command = plan

  variables {
    payload_retention_days = 1.5
  }

  expect_failures = [var.payload_retention_days]
}

run "architecture_of_docker" {
  command = plan

  variables {
    architecture = "amd64"
  }

  expect_failures = [var.architecture]
}

run "log_retention_that_is_none" {
  command = plan

  variables {
    log_retention_days = 31
  }

  expect_failures = [var.log_retention_days]
}

run "too_many_alarm_actions" {
  command = plan

  variables {
    alarm_actions = [for number in range(6) : "arn:aws:sns:eu-west-1:111122223333:pager-${number}"]
  }

  expect_failures = [var.alarm_actions]
}

run "alarm_to_an_address" {
  command = plan

  variables {
    alarm_actions = ["pager@example.org"]
  }

  expect_failures = [var.alarm_actions]
}

run "no_failed_run" {
  command = plan

  variables {
    failed_runs_threshold = 0
  }

  expect_failures = [var.failed_runs_threshold]
}

run "late_after_two_days" {
  command = plan

  variables {
    late_start_seconds = 172800
  }

  expect_failures = [var.late_start_seconds]
}
