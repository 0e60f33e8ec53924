from django.apps import AppConfig


class SenderConfig(AppConfig):
    name = "tests.sender"
    label = "sender"

    def ready(self) -> None:
        from amanat.people.models import Agency
        from amanat.vault import intake

        def take(packet: intake.Packet) -> None:
            if packet.body == b"a letter that nobody can handle":
                raise ValueError("not a letter")
            Agency.objects.create(name=packet.body.decode(), kind="NGO", duty_contact=packet.arrived_at.isoformat())

        intake.register("letter", take, limit=(1000, 60))
