output "image_repository_url" {
  description = "Where the image belongs: npm run images -- --povray-worker --push --repository URL."
  value       = aws_ecr_repository.povray.repository_url
}

output "bucket_name" {
  description = "Put zips here, each with a scene and the one .ini that says how to render it."
  value       = module.povray.bucket_name
}

output "queue_url" {
  description = "Where scenes wait for a worker."
  value       = module.povray.queue_url
}

output "dead_letter_queue_url" {
  description = "What could not be rendered, with the reason."
  value       = module.povray.dead_letter_queue_url
}

output "cluster_arn" {
  description = "Where workers run."
  value       = module.cluster.cluster_arn
}

output "dispatcher_function_name" {
  description = "Invoke it with {\"action\": \"sweep\"} to have workers started now, as a rule does each minute."
  value       = module.povray.dispatcher_function_name
}
