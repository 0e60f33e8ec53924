"""Headers of every dynamic page that neither Django nor django-csp sends."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from amanat.web import live

# Passkeys need their two features; everything else a browser could open to a page stays closed.
CLOSED = (
    "accelerometer=(), autoplay=(), bluetooth=(), browsing-topics=(), camera=(), display-capture=(), "
    "encrypted-media=(), fullscreen=(self), geolocation=(), gyroscope=(), hid=(), idle-detection=(), "
    "local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self), screen-wake-lock=(), serial=(), "
    "usb=(), xr-spatial-tracking=()"
)

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": CLOSED,
    # Not "no-referrer": under it a browser sends `Origin: null` with every form, which the CSRF check refuses.
    "Referrer-Policy": "same-origin",
}


class HeadersMiddleware:
    """Adds the headers where the view set none. Static files are answered before it and may be cached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if stream := live.origin(request):
            response._csp_update = {"connect-src": [stream]}  # type: ignore[attr-defined]  # of django-csp
        return response
