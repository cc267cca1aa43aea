# Each run gives several variables a wrong value at once: the validation of each refuses it. One run for each would take
# half a second each.

mock_provider "aws" {}

variables {
  log_group_name = "/ecs/overtime"
  log_group_arn  = "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/overtime"
}

run "wrong_values_1" {
  command = plan

  variables {
    # Name in capitals.
    name = "Overtime"

    # Log group with its streams.
    log_group_arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/overtime:*"

    # No function.
    function_arns = []

    # No layer.
    layer_arns = []

    # Key by alias.
    kms_key_arns = ["arn:aws:kms:eu-west-1:111122223333:alias/functions"]

    # No runtime.
    runtimes = {}

    # Too many destinations.
    destination_arns = [for number in range(21) : "arn:aws:sqs:eu-west-1:111122223333:results-${number}"]

    # Container function by a qualified arn.
    container_functions = { report = { function_name = "arn:aws:lambda:eu-west-1:111122223333:function:report:live" } }

    # Images from nowhere.
    runner_images = "private"

    # Repository by url.
    image_repository_arns = ["111122223333.dkr.ecr.eu-west-1.amazonaws.com/mine"]

    # Payload retention of 0.
    payload_retention_days = 0

    # Architecture of docker.
    architecture = "amd64"

    # Log retention that is none.
    log_retention_days = 31

    # Too many alarm actions.
    alarm_actions = [for number in range(6) : "arn:aws:sns:eu-west-1:111122223333:pager-${number}"]

    # No failed run.
    failed_runs_threshold = 0

    # Late after two days.
    late_start_seconds = 172800
  }

  expect_failures = [
    var.name,
    var.log_group_arn,
    var.function_arns,
    var.layer_arns,
    var.kms_key_arns,
    var.runtimes,
    var.destination_arns,
    var.container_functions,
    var.runner_images,
    var.image_repository_arns,
    var.payload_retention_days,
    var.architecture,
    var.log_retention_days,
    var.alarm_actions,
    var.failed_runs_threshold,
    var.late_start_seconds,
  ]
}

run "wrong_values_2" {
  command = plan

  variables {
    # Function by name.
    function_arns = ["report"]

    # Layer by name.
    layer_arns = ["fonts"]

    # Too many keys.
    kms_key_arns = [for number in range(11) : "arn:aws:kms:eu-west-1:111122223333:key/${number}"]

    # Key of a runtime in capitals.
    runtimes = { Node = { runtime = "nodejs22.x", architecture = "arm64" } }

    # Destination by name.
    destination_arns = ["results"]

    # Key of a container function in capitals.
    container_functions = { Report = { function_name = "report" } }

    # Too many repositories.
    image_repository_arns = [for number in range(21) : "arn:aws:ecr:eu-west-1:111122223333:repository/${number}"]

    # Payload retention of 3651.
    payload_retention_days = 3651

    # Alarm to an address.
    alarm_actions = ["pager@example.org"]
  }

  expect_failures = [
    var.function_arns,
    var.layer_arns,
    var.kms_key_arns,
    var.runtimes,
    var.destination_arns,
    var.container_functions,
    var.image_repository_arns,
    var.payload_retention_days,
    var.alarm_actions,
  ]
}

run "wrong_values_3" {
  command = plan

  variables {
    # Function with qualifier.
    function_arns = ["arn:aws:lambda:eu-west-1:111122223333:function:report:1"]

    # Layer without version.
    layer_arns = ["arn:aws:lambda:eu-west-1:111122223333:layer:fonts"]

    # Runtime that lambda does not have.
    runtimes = { node = { runtime = "nodejs12.x", architecture = "arm64" } }

    # Size of a container function that fargate does not have.
    container_functions = { report = { function_name = "report", cpu = 256, memory_mib = 4096 } }

    # Payload retention of a fraction.
    payload_retention_days = 1.5
  }

  expect_failures = [
    var.function_arns,
    var.layer_arns,
    var.runtimes,
    var.container_functions,
    var.payload_retention_days,
  ]
}

run "wrong_values_4" {
  command = plan

  variables {
    # Too many layers.
    layer_arns = [for number in range(21) : "arn:aws:lambda:eu-west-1:111122223333:layer:fonts-${number}:1"]

    # Too many functions.
    function_arns = [for number in range(21) : "arn:aws:lambda:eu-west-1:111122223333:function:report-${number}"]

    # Architecture that lambda does not have.
    runtimes = { node = { runtime = "nodejs22.x", architecture = "riscv64" } }
  }

  expect_failures = [
    var.layer_arns,
    var.function_arns,
    var.runtimes,
  ]
}

run "wrong_values_5" {
  command = plan

  variables {
    # Size that fargate does not have.
    runtimes = { node = { runtime = "nodejs22.x", architecture = "arm64", cpu = 256, memory_mib = 4096 } }
  }

  expect_failures = [
    var.runtimes,
  ]
}

run "wrong_values_6" {
  command = plan

  variables {
    # Memory that the default cpu does not have.
    runtimes = { node = { runtime = "nodejs22.x", architecture = "arm64", memory_mib = 512 } }
  }

  expect_failures = [
    var.runtimes,
  ]
}

run "wrong_values_7" {
  command = plan

  variables {
    # Cpu of a fraction.
    runtimes = { node = { runtime = "nodejs22.x", architecture = "arm64", cpu = 0.25 } }
  }

  expect_failures = [
    var.runtimes,
  ]
}

run "wrong_values_8" {
  command = plan

  variables {
    # Two runtimes alike.
    runtimes = { one = { runtime = "nodejs22.x", architecture = "arm64" }, two = { runtime = "nodejs22.x", architecture = "arm64" } }
  }

  expect_failures = [
    var.runtimes,
  ]
}
