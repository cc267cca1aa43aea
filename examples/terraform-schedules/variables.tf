variable "region" {
  type        = string
  description = "The region of AWS to deploy to."
  default     = "us-east-1"
  nullable    = false
}

variable "name" {
  type        = string
  description = "Begins the names of all resources."
  default     = "overtime"
  nullable    = false
}

variable "function_name" {
  type        = string
  description = "The Lambda function to run, by its name."
  default     = "report"
  nullable    = false
}
