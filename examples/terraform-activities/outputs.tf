output "state_machine_arn" {
  description = "Start an execution with {\"input\": {\"granules\": [\"b\", \"a\"]}}."
  value       = aws_sfn_state_machine.queue_granules.arn
}

output "activity_arn" {
  description = "What the workers poll."
  value       = module.activities.activity_arns["QueueGranules"]
}

output "service_name" {
  description = "The ECS service of the workers."
  value       = module.activities.service_names["QueueGranules"]
}
