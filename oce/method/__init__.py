"""The method: compute, throughput and device time, energy, carbon and the making of devices. A formula a function."""
