"""Phones: the OpenRosa protocol that ODK Collect and KoboCollect speak, and the devices that may use it."""
