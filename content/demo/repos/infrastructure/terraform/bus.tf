# The event bus: five brokers over three zones.

locals {
  topics = {
    "checkout.orders.v2"   = { partitions = 12, days = 14 }
    "seating.changes.v1"   = { partitions = 24, days = 3 }
    "admission.scans.v1"   = { partitions = 12, days = 30 }
    "touring.positions.v1" = { partitions = 3, days = 7 }
  }
}

resource "stagecraft_kafka_topic" "topic" {
  for_each = local.topics

  name       = each.key
  partitions = each.value.partitions
  replicas   = 3

  config = {
    "min.insync.replicas" = "2"
    "retention.ms"        = each.value.days * 24 * 60 * 60 * 1000
  }
}
