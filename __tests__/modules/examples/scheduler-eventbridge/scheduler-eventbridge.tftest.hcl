mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-west-1" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/overtime-schedules" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-west-1:111122223333:overtime-schedules-dead-letters" }
  }
  mock_resource "aws_scheduler_schedule_group" {
    defaults = { arn = "arn:aws:scheduler:eu-west-1:111122223333:schedule-group/overtime" }
  }
}

variables {
  starter_function_arn = "arn:aws:lambda:eu-west-1:111122223333:function:overtime-starter"
}

run "nothing_but_what_is_required" {
  assert {
    condition     = length(aws_scheduler_schedule.schedule) == 0 && output.schedule_group_name == "overtime"
    error_message = "There is a group, and no schedule in it."
  }
  assert {
    condition = jsondecode(aws_iam_role.role.assume_role_policy).Statement[0].Condition == {
      StringEquals = {
        "aws:SourceAccount" = "111122223333"
        "aws:SourceArn"     = "arn:aws:scheduler:eu-west-1:111122223333:schedule-group/overtime"
      }
    }
    error_message = "The role is for the schedules of this group alone."
  }
}

run "null_is_the_default" {
  command = plan

  variables {
    name          = null
    schedules     = null
    alarm_actions = null
  }

  assert {
    condition     = output.schedule_group_name == "overtime" && length(aws_scheduler_schedule.schedule) == 0
    error_message = "A variable that is set to null has its default."
  }
}

run "every_variable_set" {
  variables {
    name          = "reports"
    alarm_actions = ["arn:aws:sns:eu-west-1:111122223333:pager"]
    schedules = {
      nightly = {
        cron_time                 = "30 3 * * MON-FRI"
        time_zone                 = "Europe/Berlin"
        dst_policy                = "skip"
        start_at                  = "2026-12-01T00:00:00Z"
        end_at                    = "2027-12-01T00:00:00Z"
        jitter_seconds            = 90
        enabled                   = false
        overlap                   = "allow"
        catch_up                  = "none"
        starting_deadline_seconds = 600
        name                      = "The nightly report"
        request                   = "{\"arn\": \"report\", \"input\": {\"day\": \"<aws.scheduler.scheduled-time>\"}}"
      }
      seed = { rate = "1 hour", definition_arn = "jobs:7", ecs_cluster_arn = "jobs" }
      once = { at = "2026-12-24T18:00:00Z", request = "{\"arn\": \"greet\"}" }
    }
  }

  assert {
    condition = {
      for id, one in aws_scheduler_schedule.schedule : id => [
        one.schedule_expression, one.schedule_expression_timezone, one.state, one.description, one.group_name,
      ]
      } == {
      nightly = ["cron(30 3 ? * MON,TUE,WED,THU,FRI *)", "Europe/Berlin", "DISABLED", "The nightly report", "reports"]
      seed    = ["rate(1 hour)", "UTC", "ENABLED", "seed", "reports"]
      once    = ["at(2026-12-24T18:00:00)", "UTC", "ENABLED", "once", "reports"]
    }
    error_message = "Each schedule says when, in EventBridge's words."
  }
  assert {
    condition = { for id, one in aws_scheduler_schedule.schedule : id => one.target[0].input } == {
      nightly = "{\"arn\":\"report\",\"idempotencyKey\":\"schedule:nightly:<aws.scheduler.scheduled-time>\",\"input\":{\"day\":\"<aws.scheduler.scheduled-time>\"}}"
      seed    = "{\"cluster\":\"jobs\",\"idempotencyKey\":\"schedule:seed:<aws.scheduler.scheduled-time>\",\"taskDefinition\":\"jobs:7\"}"
      once    = "{\"arn\":\"greet\",\"idempotencyKey\":\"schedule:once:<aws.scheduler.scheduled-time>\"}"
    }
    error_message = "Each asks the starter for one run of each slot, with context attributes as EventBridge reads them."
  }
  assert {
    condition = alltrue([
      aws_scheduler_schedule.schedule["nightly"].flexible_time_window[0].mode == "FLEXIBLE",
      aws_scheduler_schedule.schedule["nightly"].flexible_time_window[0].maximum_window_in_minutes == 2,
      aws_scheduler_schedule.schedule["seed"].flexible_time_window[0].mode == "OFF",
      aws_scheduler_schedule.schedule["nightly"].target[0].retry_policy[0].maximum_event_age_in_seconds == 600,
      aws_scheduler_schedule.schedule["seed"].target[0].retry_policy[0].maximum_event_age_in_seconds == 3600,
      aws_scheduler_schedule.schedule["nightly"].start_date == "2026-12-01T00:00:00Z",
      aws_scheduler_schedule.schedule["nightly"].end_date == "2027-12-01T00:00:00Z",
    ])
    error_message = "Jitter is a window of whole minutes, and the starting deadline is how long EventBridge tries."
  }
  assert {
    condition     = alltrue([for one in aws_scheduler_schedule.schedule : one.target[0].arn == "arn:aws:lambda:eu-west-1:111122223333:function:overtime-starter" && one.target[0].dead_letter_config[0].arn == "arn:aws:sqs:eu-west-1:111122223333:overtime-schedules-dead-letters"])
    error_message = "Each invokes the starter, and what cannot be delivered waits in the queue."
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.policy.policy).Statement : [statement.Action, statement.Resource]] == [[["lambda:InvokeFunction"], "arn:aws:lambda:eu-west-1:111122223333:function:overtime-starter"], [["sqs:SendMessage"], "arn:aws:sqs:eu-west-1:111122223333:overtime-schedules-dead-letters"]]
    error_message = "The role may invoke the starter and set slots aside, and nothing else."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.dead_letters_alarm.alarm_actions == toset(["arn:aws:sns:eu-west-1:111122223333:pager"])
    error_message = "The pager hears of the alarms."
  }
}

# The same table as in __tests__/stacks/parts/eventbridge-expression.test.ts, which translates in TypeScript.
run "every_form_of_expression" {
  command = plan

  variables {
    schedules = {
      for id, cron in {
        steps         = "*/5 * * * *"
        from          = "5/10 * * * *"
        mixed         = "*/15,7 * * * *"
        range_steps   = "10-30/5,45 * * * *"
        weekdays      = "0 9 * * 1-5"
        names         = "0 9 * * mon-fri"
        sunday_last   = "0 0 ? * 5-7"
        sunday_twice  = "0 0 * * 0,7"
        every_other   = "0 0 * * */2"
        months        = "0 12 * MAR,APR THU"
        month_steps   = "0 0 1 */3 *"
        days          = "30 4 1,15 * *"
        day_steps     = "0 0 */2 * *"
        last_day      = "0 0 L * *"
        second_monday = "0 0 * * 1#2"
        second_sunday = "0 0 * * SUN#2"
        zero_seconds  = "0 0 0 * * *"
        wide          = "0   0 * *  *"
        daily         = "@daily"
        weekly        = "@weekly"
        weekends      = "@weekends"
        minutely      = "@minutely"
      } : id => { cron_time = cron, request = "{\"arn\": \"report\"}" }
    }
  }

  assert {
    condition = { for id, one in aws_scheduler_schedule.schedule : id => one.schedule_expression } == {
      steps         = "cron(0/5 * * * ? *)"
      from          = "cron(5/10 * * * ? *)"
      mixed         = "cron(0,15,30,45,7 * * * ? *)"
      range_steps   = "cron(10,15,20,25,30,45 * * * ? *)"
      weekdays      = "cron(0 9 ? * MON,TUE,WED,THU,FRI *)"
      names         = "cron(0 9 ? * MON,TUE,WED,THU,FRI *)"
      sunday_last   = "cron(0 0 ? * FRI,SAT,SUN *)"
      sunday_twice  = "cron(0 0 ? * SUN *)"
      every_other   = "cron(0 0 ? * SUN,TUE,THU,SAT *)"
      months        = "cron(0 12 ? MAR,APR THU *)"
      month_steps   = "cron(0 0 1 1/3 ? *)"
      days          = "cron(30 4 1,15 * ? *)"
      day_steps     = "cron(0 0 1/2 * ? *)"
      last_day      = "cron(0 0 L * ? *)"
      second_monday = "cron(0 0 ? * 2#2 *)"
      second_sunday = "cron(0 0 ? * 1#2 *)"
      zero_seconds  = "cron(0 0 * * ? *)"
      wide          = "cron(0 0 * * ? *)"
      daily         = "cron(0 0 * * ? *)"
      weekly        = "cron(0 0 ? * SUN *)"
      weekends      = "cron(0 0 ? * SUN,SAT *)"
      minutely      = "cron(* * * * ? *)"
    }
    error_message = "Each cron expression means the same to EventBridge."
  }
}
