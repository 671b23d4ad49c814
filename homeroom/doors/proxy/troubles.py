"""What can go wrong between a browser and a site, in plain words: a status, what happened, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of trouble: the HTTP status and, per language, a heading and what to do about it."""

    status: int
    words: Mapping[str, tuple[str, str]]


def _trouble(status: int, en: tuple[str, str], es: tuple[str, str]) -> Trouble:
    return Trouble(status, {"en": en, "es": es})


TRY_AGAIN: Mapping[str, str] = {"en": "Try again", "es": "Probar otra vez"}

BAD_REQUEST = _trouble(
    400,
    (
        "The proxy could not read the request",
        "Try the address again. If it keeps happening, tell your school’s office.",
    ),
    ("El proxy no pudo leer la solicitud", "Pruebe la dirección otra vez. Si sigue pasando, avise a su escuela."),
)
NOT_A_SITE = _trouble(
    400,
    (
        "This is the school’s proxy, not a site",
        "Set this address as the HTTP proxy of your device, or use its set-up file /proxy.pac.",
    ),
    (
        "Este es el proxy de la escuela, no un sitio",
        "Use esta dirección como proxy HTTP de su dispositivo, o el archivo de configuración /proxy.pac.",
    ),
)
NOT_CARRIED = _trouble(
    403,
    ("The proxy does not carry this", "Use an ordinary http or https address."),
    ("El proxy no transmite esto", "Use una dirección http o https normal."),
)
INSIDE = _trouble(
    403,
    (
        "This address lies inside the network",
        "The proxy reaches only sites on the Internet. If you need this one, ask whoever runs the network.",
    ),
    (
        "Esta dirección está dentro de la red",
        "El proxy solo llega a sitios de Internet. Si necesita este, pregunte a quien administra la red.",
    ),
)
LOGIN_NEEDED = _trouble(
    407,
    ("Please sign in to the network", "Give the name and password of your school account."),
    ("Inicie sesión en la red", "Escriba el nombre y la contraseña de su cuenta escolar."),
)
LOGIN_WRONG = _trouble(
    407,
    ("The name or the password is not right", "Give the name and password of your school account again."),
    ("El nombre o la contraseña no son correctos", "Escriba otra vez el nombre y la contraseña de su cuenta escolar."),
)
LOGIN_BARRED = _trouble(
    429,
    ("Too many wrong passwords", "Wait five minutes, then try again. Your school can give you a new password."),
    ("Demasiadas contraseñas incorrectas", "Espere cinco minutos y pruebe otra vez. Su escuela puede darle otra."),
)
LATE = _trouble(
    408,
    ("The request took too long to arrive", "Try again. Your connection may be very slow at the moment."),
    ("La solicitud tardó demasiado en llegar", "Pruebe otra vez. Su conexión puede estar muy lenta."),
)
NO_SUCH_NAME = _trouble(
    502,
    ("There is no site of this name", "Check the spelling of the address."),
    ("No hay ningún sitio con este nombre", "Revise cómo está escrita la dirección."),
)
NO_RESOLVER = _trouble(
    504,
    (
        "The name could not be looked up",
        "The network’s name service does not answer at the moment. Try again in a minute.",
    ),
    (
        "No se pudo buscar el nombre",
        "El servicio de nombres de la red no responde en este momento. Pruebe otra vez en un minuto.",
    ),
)
UNREACHABLE = _trouble(
    502,
    ("The site cannot be reached", "It may be switched off or moved. Try again later."),
    ("No se puede llegar al sitio", "Puede estar apagado o haber cambiado de lugar. Pruebe más tarde."),
)
SILENT = _trouble(
    504,
    ("The site does not answer", "It may be very busy. Try again in a few minutes."),
    ("El sitio no responde", "Puede estar muy ocupado. Pruebe otra vez en unos minutos."),
)
BROKEN = _trouble(
    502,
    ("The site’s answer cannot be passed on", "The site sent something that is not proper HTTP. Try again later."),
    ("No se puede entregar la respuesta del sitio", "El sitio envió algo que no es HTTP correcto. Pruebe más tarde."),
)
NO_BUNDLE = _trouble(
    503,
    (
        "The filter is not ready yet",
        "Until it is, nothing is let through. Try again in a minute; if it lasts, tell whoever runs the network.",
    ),
    (
        "El filtro todavía no está listo",
        "Hasta entonces no se abre ninguna página. Pruebe en un minuto; si sigue, avise a quien administra la red.",
    ),
)
FULL = _trouble(
    503,
    ("The proxy is full", "Many people use it at the moment. Try again in a minute."),
    ("El proxy está lleno", "Muchas personas lo usan en este momento. Pruebe otra vez en un minuto."),
)
TOO_MANY = _trouble(
    429,
    ("Too many connections from this device", "Close some pages or programs, then try again."),
    ("Demasiadas conexiones desde este dispositivo", "Cierre algunas páginas o programas y pruebe otra vez."),
)
NOT_BLOCKED = _trouble(
    200,
    (
        "This page is not blocked",
        "The rules may just have changed. Try again in a minute, once your device has forgotten the old answer.",
    ),
    (
        "Esta página no está bloqueada",
        "Puede que las reglas acaben de cambiar. Pruebe en un minuto, cuando su dispositivo olvide la respuesta vieja.",
    ),
)
